import type { ProviderType } from '@switchyard/core/catalog';
import { type ChainDependencies, type ChainPolicy, defaultChainPolicy } from '@switchyard/core/dispatch';
import type { Clock, Ids, Log } from '@switchyard/core/kernel';
import { systemClock, systemIds, systemRandom } from '@switchyard/core/kernel/system';
import {
  CircuitBreakers,
  ConcurrencyLimits,
  type Deadlines,
  defaultDeadlines,
  RecentCalls,
  RetryBudgets,
} from '@switchyard/core/policies';
import { ApiKeyBook } from './auth/api-key-book.ts';
import { ApiKeyRates } from './auth/api-key-rates.ts';
import { AttemptLimits } from './auth/attempt-limits.ts';
import { type Auth, createAuth } from './auth/auth.ts';
import { baseUrlOf } from './auth/base-url.ts';
import { DeviceCookie } from './auth/device-cookie.ts';
import { IdentityResolver } from './auth/identity-resolver.ts';
import { openSecrets } from './auth/open-secrets.ts';
import type { OriginPolicy } from './auth/origins.ts';
import { SingleSignOn } from './auth/single-sign-on.ts';
import { AlertDesk } from './features/alerts/alert-desk.ts';
import { ComparisonRepository } from './features/comparisons/comparison.repository.ts';
import { createComparisonEventStore } from './features/comparisons/comparison-event-store.ts';
import { type ComparisonHub, createComparisonHub } from './features/comparisons/comparison-hub.ts';
import { ComparisonRunner } from './features/comparisons/comparison-runner.ts';
import { DatasetRepository } from './features/datasets/dataset.repository.ts';
import { createExperiments, type ExperimentParts } from './features/experiments/experiment-parts.ts';
import { LiveSplits } from './features/experiments/live-splits.ts';
import { FailoverDesk } from './features/failover/failover-desk.ts';
import { RehearsalKeeper } from './features/failover/rehearsal-keeper.ts';
import { ApprovalDesk } from './features/guardrails/approval-desk.ts';
import { BreachJournal } from './features/guardrails/breach-journal.ts';
import { BudgetFeed } from './features/guardrails/budget-feed.ts';
import { CallRecordSpendReader } from './features/guardrails/call-record-spend-reader.ts';
import { FileBudgets } from './features/guardrails/file-budgets.ts';
import type { SpendReader } from './features/guardrails/spend-reader.ts';
import { type RunningLedger, startLedger } from './features/guardrails/start-ledger.ts';
import { HealthKeeper } from './features/health/health-keeper.ts';
import type { HealthTimes } from './features/health/health-times.ts';
import { PaidProbes } from './features/health/paid-probes.ts';
import type { CallRecordWriter } from './features/metrics/call-record-writer.ts';
import { ModelTelemetry } from './features/metrics/model-telemetry.ts';
import { observeCalls } from './features/metrics/observe-calls.ts';
import { createMetricsStore, type MetricsStore } from './features/metrics/start-metrics.ts';
import { PriceKeeper } from './features/pricing/price-keeper.ts';
import { PriceOverrideRepository } from './features/pricing/price-override.repository.ts';
import { TeamPriceBooks } from './features/pricing/team-price-books.ts';
import { CredentialVault } from './features/providers/credential-vault.ts';
import { ProviderRepository } from './features/providers/provider.repository.ts';
import { ProviderRegistry } from './features/providers/provider-registry.ts';
import { SimulatedFailures, type SimulatorControl } from './features/providers/simulated-failures.ts';
import { createProvisioner } from './features/provisioning/create-provisioner.ts';
import type { Provisioner } from './features/provisioning/provisioner.ts';
import { RoleRepository } from './features/roles/role.repository.ts';
import { RoleKeeper } from './features/roles/role-keeper.ts';
import { sizeOfCall } from './features/routing/call-size.ts';
import { DatabaseCircuitLedger } from './features/routing/database-circuit-ledger.ts';
import { ModelDispatcher } from './features/routing/model-dispatcher.ts';
import { readBudgetUse } from './features/routing/read-budget-use.ts';
import { RoutingDesk } from './features/routing/routing-desk.ts';
import { createRuns } from './features/runs/create-runs.ts';
import type { RunParts } from './features/runs/run-parts.ts';
import type { RunService } from './features/runs/run-service.ts';
import { TeamSettingsKeeper } from './features/settings/team-settings.ts';
import { WorkflowRepository } from './features/workflows/workflow.repository.ts';
import type { PrismaClient } from './generated/prisma/client.ts';
import { Mailer } from './mail/mailer.ts';
import { Observability } from './observability/observability.ts';
import { outsideTimers } from './observability/request-scope.ts';
import { linkRuns } from './observability/tracing/link-runs.ts';
import type { Database } from './persistence/database.ts';
import { withTenantWall } from './persistence/tenant-wall.ts';
import type { ApiSettings } from './settings.ts';

/** Everything a use-case may need. Built once, in order, by {@link createServices}. */
export interface Services {
  readonly settings: ApiSettings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Names this server process in rows it owns. */
  readonly instanceId: string;
  readonly database: Database;
  /** Held to the team of the request it is used in; keepers of what all teams have got the database's own. */
  readonly prisma: PrismaClient;
  readonly origins: OriginPolicy;
  readonly auth: Auth;
  /** Sign-in at the organisation's identity provider, when there is one. */
  readonly singleSignOn: SingleSignOn;
  readonly mailer: Mailer;
  /** Counts tries to sign in. */
  readonly attempts: AttemptLimits;
  readonly devices: DeviceCookie;
  readonly identities: IdentityResolver;
  /** What API keys may call. */
  readonly keys: ApiKeyBook;
  /** How fast API keys may call. */
  readonly keyRates: ApiKeyRates;
  readonly providers: ProviderRegistry;
  readonly providerRows: ProviderRepository;
  readonly priceRows: PriceOverrideRepository;
  readonly prices: PriceKeeper;
  /** What each team decided for itself, as it is now. */
  readonly teamSettings: TeamSettingsKeeper;
  /** The roles of all teams, as they are now. */
  readonly roles: RoleKeeper;
  readonly workflows: WorkflowRepository;
  readonly datasets: DatasetRepository;
  /** Tests of variants: stored, executed, evaluated. */
  readonly experiments: ExperimentParts;
  /** Puts steps of runs on the variants of live tests. */
  readonly liveSplits: LiveSplits;
  /** Runs of workflows: started, looked at, decided. */
  readonly runs: RunService;
  /** What executes runs in this process. */
  readonly runParts: RunParts;
  readonly vault: CredentialVault;
  readonly provisioner: Provisioner;
  /** Undefined when nothing is simulated, or the launcher gave no levers. */
  readonly simulatedFailures: SimulatedFailures | undefined;
  readonly callRecords: CallRecordWriter;
  /** What was measured: rolled up, read and forgotten in time. */
  readonly metrics: MetricsStore;
  /** What scrapers and log pipelines are told of models. */
  readonly telemetry: ModelTelemetry;
  /** Metrics and traces of everything, for the tools that operators have. */
  readonly observability: Observability;
  readonly dispatcher: ModelDispatcher;
  /** Decides which model answers, and knows why. */
  readonly routing: RoutingDesk;
  /** The ledger of this process and the budgets that it holds calls to. Stopped after the last call has ended. */
  readonly budgets: RunningLedger;
  /** Remembers what budgets refused, and tells people. */
  readonly breaches: BreachJournal;
  /** Where calls ask for more than a budget has. */
  readonly approvals: ApprovalDesk;
  /** Knows how the providers are. */
  readonly health: HealthKeeper;
  /** Calls that look after providers where a team switched them on. */
  readonly paidProbes: PaidProbes;
  /** Who stands in for whom. */
  readonly failover: FailoverDesk;
  /** Failures that are brought about on purpose. */
  readonly rehearsals: RehearsalKeeper;
  /** What happens to budgets, for subscribers. */
  readonly budgetFeed: BudgetFeed;
  /** What was spent, by the calls on record. */
  readonly spend: SpendReader;
  /** Keeps the budgets of the configuration file in every team. */
  readonly fileBudgets: FileBudgets;
  /** Tells other processes of our circuits; undefined on the embedded database, which has one process. */
  readonly circuitLedger: DatabaseCircuitLedger | undefined;
  /** Where everything raises alerts. */
  readonly alerts: AlertDesk;
  readonly comparisons: ComparisonRepository;
  readonly comparisonEvents: ReturnType<typeof createComparisonEventStore>;
  readonly comparisonHub: ComparisonHub;
  readonly runner: ComparisonRunner;
}

export async function createServices(
  settings: ApiSettings,
  database: Database,
  log: Log,
  parts: {
    readonly simulatorBaseUrls?: Readonly<Partial<Record<ProviderType, string>>>;
    readonly simulatorControl?: SimulatorControl;
    readonly clock?: Clock;
    readonly deadlines?: Deadlines;
    readonly policy?: Partial<ChainPolicy>;
    readonly runLeaseMs?: number;
    readonly health?: Partial<HealthTimes>;
  },
): Promise<Services> {
  const clock = outsideTimers(parts.clock ?? systemClock);
  const ids = systemIds;
  const { prisma } = database;
  const instanceId = ids.next('srv');
  const origins: OriginPolicy = {
    publicOrigin: settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).origin,
    isLoopbackOnly: ['127.0.0.1', 'localhost', '::1'].includes(settings.host),
  };
  const { secret, others } = await openSecrets(settings, prisma, log);
  const auth = createAuth({
    prisma,
    clock,
    ids,
    origins,
    secret,
    log,
    baseUrl: baseUrlOf(settings),
    singleSignOn: settings.singleSignOn,
  });
  const keys = new ApiKeyBook(prisma, clock);
  const keyRates = new ApiKeyRates(clock);
  const priceBooks = new TeamPriceBooks();
  const providers = new ProviderRegistry(clock, priceBooks);
  const providerRows = new ProviderRepository(prisma);
  const priceRows = new PriceOverrideRepository(prisma);
  const tablePath = settings.priceTablePath;
  const prices = new PriceKeeper({ tablePath, rows: priceRows, books: priceBooks, clock, log });
  const vault = new CredentialVault(secret, others);
  const simulatorBaseUrls = parts.simulatorBaseUrls ?? {};
  const provisioner = createProvisioner({
    settings,
    simulatorBaseUrls,
    rows: providerRows,
    vault,
    registry: providers,
    clock,
    log,
    traceHeaders: (providerId) => observability.tracing?.headersFor(providerId),
  });
  const metrics = createMetricsStore(database, { clock, log, instanceId, settings });
  const callRecords = metrics.writer;
  // Only a server database is shared with other processes.
  const circuitLedger =
    database.kind === 'server'
      ? new DatabaseCircuitLedger({
          prisma,
          instanceId,
          log,
          onRemote: (change) => chain.circuits.applyRemote(change),
        })
      : undefined;
  // What a killed predecessor had only on disk must be in the tables before the ledger takes back what it had held.
  if (database.kind === 'embedded') {
    await callRecords.adopt(() => true);
    await callRecords.flush();
  }
  const budgets = await startLedger(database, { clock, ids, log, storeRecords: () => callRecords.flush() });
  const telemetry = new ModelTelemetry(log);
  const teamSettings = new TeamSettingsKeeper(prisma);
  const tracing =
    settings.telemetry &&
    (await import('./observability/tracing/start-tracing.ts')).startTracing({
      ...{ settings: settings.telemetry, clock, log, instanceId },
      describe: ({ instanceId: id, providerId }) => providers.snapshot.findInstance(id ?? providerId),
      keepsContent: (teamId) => teamSettings.of(teamId).contentCapture === 'FULL',
    });
  const observability = new Observability(telemetry, tracing);
  const alerts = new AlertDesk({ prisma, vault, clock, ids, random: systemRandom, log, instanceId, settings });
  const budgetFeed = new BudgetFeed({ prisma, clock, log, ledger: budgets.ledger });
  const breaches = new BreachJournal({
    prisma,
    clock,
    ids,
    log,
    alerts,
    onWritten: () => void budgetFeed.poll().catch(() => {}),
  });
  const approvals = new ApprovalDesk({ prisma, clock, ids, log, alerts });
  const health = new HealthKeeper({
    ...{ prisma, clock, ids, random: systemRandom, log, instanceId, providers, alerts },
    isShared: database.kind === 'server',
    reader: () => metrics.reader,
    ...(parts.health && { times: parts.health }),
  });
  const recentCalls = new RecentCalls(clock);
  const failover = new FailoverDesk({
    ...{ prisma, clock, ids, log, instanceId, providers, health, recentCalls },
    isShared: database.kind === 'server',
  });
  const chain: ChainDependencies = {
    clock,
    ids,
    recorder: callRecords,
    deadlines: parts.deadlines ?? defaultDeadlines,
    random: systemRandom,
    policy: { ...defaultChainPolicy, ...parts.policy },
    circuits: new CircuitBreakers({
      clock,
      settings: () => providers.circuitSettings,
      ...(circuitLedger && { ledger: circuitLedger }),
      onChange: ({ key, from, to }) => {
        telemetry.circuitChanged(to);
        log.warn({ model: key, from, to }, 'a circuit changed');
      },
    }),
    retryBudgets: new RetryBudgets(clock),
    recentCalls,
    watch: failover.watch,
    statusOf: (target) => failover.statusOf(target),
    ledger: budgets.ledger,
    approvals: {
      request: (...asked) => approvals.request(...asked),
      async wait(...asked) {
        const decision = await approvals.wait(...asked);
        // The raise may have been made elsewhere: it must hold before the call asks again.
        if (decision === 'approved') await budgets.book.reload().catch(() => {});
        return decision;
      },
    },
    observer: health.latencyTargets.behind(observeCalls(telemetry, breaches, health, observability)),
    aroundCall: observability.aroundCall,
    // What stands in unasked is held to the team's rules too; the target itself stands for what may not fall back.
    equivalentsOf: (target, purpose, call) =>
      routing
        .permit([target, ...providers.equivalentsOf(purpose.teamId, target)], purpose, sizeOfCall(call))
        .filter(({ modelId }) => modelId !== target.modelId),
    concurrency: new ConcurrencyLimits(clock, (providerId) => providers.limitsOf(providerId)),
  };
  const routing = new RoutingDesk({
    prisma,
    clock,
    ids,
    random: systemRandom,
    log,
    providers,
    circuits: chain.circuits,
    recentCalls,
    failover,
    ...{ keys, keyRates },
    adaptiveRouting: settings.adaptiveRouting,
    teamSettings,
    ...(tracing && { onDecided: tracing.noteDecision }),
    readBudgets: (teamId) => readBudgetUse(budgets, teamId, clock.nowMs()),
  });
  const dispatcher = new ModelDispatcher(chain, failover.journal, observability.watchChain);
  const paidProbes = new PaidProbes({
    ...{ prisma, clock, log, providers },
    checks: () => health.checks,
    chain: () => chain,
  });
  const roles = new RoleKeeper(new RoleRepository(prisma), providers);
  const liveSplits = new LiveSplits({ prisma, clock, log });
  const { runs, parts: runParts } = createRuns(
    { prisma, clock, ids, log, instanceId, database, observability, providers, roles, routing, dispatcher, budgets },
    () => services,
    parts.runLeaseMs,
    liveSplits,
  );
  const workflows = new WorkflowRepository(prisma);
  const comparisonEvents = createComparisonEventStore(prisma);
  const comparisonHub = createComparisonHub({ store: comparisonEvents, clock, log });
  const services: Services = {
    settings,
    clock,
    ids,
    log,
    instanceId,
    database,
    prisma: withTenantWall(prisma),
    origins,
    auth,
    singleSignOn: new SingleSignOn(settings.singleSignOn, auth, log),
    mailer: new Mailer(settings.mail, log),
    attempts: new AttemptLimits(clock),
    devices: new DeviceCookie(secret, baseUrlOf(settings).startsWith('https:')),
    identities: new IdentityResolver(prisma, auth, clock, keys),
    keys,
    keyRates,
    providers,
    providerRows,
    priceRows,
    prices,
    teamSettings,
    roles,
    workflows,
    datasets: new DatasetRepository(prisma, clock, ids),
    experiments: createExperiments(
      {
        ...{ prisma, clock, ids, log, instanceId, database, routing, providers, roles, dispatcher },
        ...{ runs, workflows, liveSplits },
      },
      parts.runLeaseMs && 2 * parts.runLeaseMs,
    ),
    runs: tracing ? linkRuns(runs, tracing) : runs,
    runParts,
    liveSplits,
    vault,
    provisioner,
    simulatedFailures: parts.simulatorControl && new SimulatedFailures(parts.simulatorControl),
    callRecords,
    metrics,
    telemetry,
    observability,
    dispatcher,
    routing,
    budgets,
    spend: new CallRecordSpendReader(prisma),
    fileBudgets: new FileBudgets({ prisma, book: budgets.book, clock, log }),
    circuitLedger,
    alerts,
    breaches,
    approvals,
    health,
    failover,
    rehearsals: new RehearsalKeeper(() => services),
    paidProbes,
    budgetFeed,
    comparisons: new ComparisonRepository(prisma),
    comparisonEvents,
    comparisonHub,
    runner: new ComparisonRunner(comparisonHub, dispatcher, log, instanceId),
  };
  return services;
}

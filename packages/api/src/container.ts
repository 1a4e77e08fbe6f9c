import type { ProviderType } from '@switchyard/core/catalog';
import type { DispatchDependencies } from '@switchyard/core/dispatch';
import type { Clock, Ids, Log } from '@switchyard/core/kernel';
import { systemClock, systemIds } from '@switchyard/core/kernel/system';
import { type Deadlines, defaultDeadlines } from '@switchyard/core/policies';
import { type Auth, createAuth } from './auth/auth.ts';
import { IdentityResolver } from './auth/identity-resolver.ts';
import type { OriginPolicy } from './auth/origins.ts';
import { loadOrCreateSecret } from './auth/secret.ts';
import { ComparisonRepository } from './features/comparisons/comparison.repository.ts';
import { createComparisonEventStore } from './features/comparisons/comparison-event-store.ts';
import { type ComparisonHub, createComparisonHub } from './features/comparisons/comparison-hub.ts';
import { ComparisonRunner } from './features/comparisons/comparison-runner.ts';
import { CallRecordWriter } from './features/metrics/call-record-writer.ts';
import { buildProviders } from './features/providers/build-providers.ts';
import { ProviderRegistry } from './features/providers/provider-registry.ts';
import type { PrismaClient } from './generated/prisma/client.ts';
import type { Database } from './persistence/database.ts';
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
  readonly prisma: PrismaClient;
  readonly origins: OriginPolicy;
  readonly auth: Auth;
  readonly identities: IdentityResolver;
  readonly providers: ProviderRegistry;
  readonly callRecords: CallRecordWriter;
  readonly dispatch: DispatchDependencies;
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
    readonly clock?: Clock;
    readonly deadlines?: Deadlines;
  },
): Promise<Services> {
  const clock = parts.clock ?? systemClock;
  const ids = systemIds;
  const { prisma } = database;
  const instanceId = ids.next('srv');
  const origins: OriginPolicy = {
    publicOrigin: settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).origin,
    isLoopbackOnly: ['127.0.0.1', 'localhost', '::1'].includes(settings.host),
  };
  const auth = createAuth({
    prisma,
    clock,
    ids,
    origins,
    secret: settings.secret ?? (await loadOrCreateSecret(settings.dataDir)),
    baseUrl: settings.publicUrl ?? `http://localhost:${settings.port}`,
  });
  const providers = new ProviderRegistry(
    buildProviders(settings, parts.simulatorBaseUrls ?? {}, { clock, log }),
    clock,
  );
  const callRecords = new CallRecordWriter(prisma, clock, log);
  const dispatch: DispatchDependencies = {
    clock,
    ids,
    recorder: callRecords,
    deadlines: parts.deadlines ?? defaultDeadlines,
  };
  const comparisonEvents = createComparisonEventStore(prisma);
  const comparisonHub = createComparisonHub({ store: comparisonEvents, clock, log });
  return {
    settings,
    clock,
    ids,
    log,
    instanceId,
    database,
    prisma,
    origins,
    auth,
    identities: new IdentityResolver(prisma, auth, clock),
    providers,
    callRecords,
    dispatch,
    comparisons: new ComparisonRepository(prisma),
    comparisonEvents,
    comparisonHub,
    runner: new ComparisonRunner(comparisonHub, dispatch, log, instanceId),
  };
}

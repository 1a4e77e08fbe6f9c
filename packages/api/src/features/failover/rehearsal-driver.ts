import type { ChainEvent, ChainOutcome } from '@switchyard/core/dispatch';
import {
  buildRehearsalReport,
  type RehearsalAlert,
  type RehearsalReport,
  type RehearsedCall,
} from '@switchyard/core/failover';
import { parseUsd, sleep } from '@switchyard/core/kernel';
import type { ModelCall } from '@switchyard/core/spec';
import type { Services } from '../../container.ts';
import type { FailureRehearsal } from '../../generated/prisma/client.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import type { ModelDispatcher } from '../routing/model-dispatcher.ts';
import { routeCall } from '../routing/route-call.ts';
import { costOfFailover, failoverTimesOf } from './failover-journal.ts';
import { InjectedFault } from './injected-fault.ts';
import { isFailing, type RehearsalSettings, rehearsalTag } from './rehearsal-settings.ts';

export type RehearsalPhase = 'baseline' | 'broken' | 'restored' | 'done';

/** What the driver tells of its progress; throws to stop it. */
export type TellProgress = (phase: RehearsalPhase, calls: number) => Promise<void>;

const baselineCalls = 3;
const pollMs = 100;
/** Of its time, so much is left to wait until the failure is noticed; calls are made more slowly then. */
const detectShare = 3;
const slowPaceMs = 500;
/** After the provider is well, so long is waited for the end of its incident and the alert that tells it. */
const settleMs = 15_000;

/** Breaks the provider, makes calls, restores it, and watches. Restores always, also when it is stopped. */
export class RehearsalDriver {
  readonly #services: Services;
  readonly #row: FailureRehearsal;
  readonly #settings: RehearsalSettings;
  readonly #signal: AbortSignal;
  readonly #tell: TellProgress;
  readonly #injected: InjectedFault | undefined;
  readonly #calls: RehearsedCall[] = [];
  readonly #maxNanoUsd: bigint;
  #spentNanoUsd = 0n;
  #brokenAtMs: number | undefined;
  #restoredAtMs: number | undefined;
  #toldAtMs: number | undefined;

  constructor(services: Services, row: FailureRehearsal, signal: AbortSignal, tell: TellProgress) {
    this.#services = services;
    this.#row = row;
    this.#settings = row.settings as unknown as RehearsalSettings;
    this.#signal = signal;
    this.#tell = tell;
    this.#maxNanoUsd = parseUsd(this.#settings.maxCostUsd);
    const { dispatcher, providers, failover, clock } = services;
    if (row.mode === 'injected') {
      this.#injected = new InjectedFault(row.slug, this.#settings.fault, dispatcher.chain, {
        circuits: { clock, settings: () => providers.circuitSettings },
        journal: failover.journal,
      });
    }
  }

  /** Resolves with the report, also of a rehearsal that was stopped before its end. */
  async run(): Promise<RehearsalReport> {
    const { health } = this.#services;
    const events = await health.feed.subscribe(this.#row.teamId, new Set([this.#row.subjectId]));
    void this.#listen(events);
    try {
      await this.#play();
    } finally {
      this.restore();
      await events.return?.();
    }
    return this.report();
  }

  /** Takes the fault back; may be called again. */
  restore(): void {
    this.#injected?.restore();
    this.#services.simulatedFailures?.endRehearsal(this.#row.id);
    if (this.#brokenAtMs !== undefined) this.#restoredAtMs ??= this.#services.clock.nowMs();
  }

  async #play(): Promise<void> {
    const { clock } = this.#services;
    await this.#tell('baseline', 0);
    for (let call = 0; call < baselineCalls && this.#mayGoOn; call += 1) await this.#call('baseline');
    if (!this.#mayGoOn) return;
    this.#break();
    await this.#tell('broken', this.#calls.length);
    for (let call = 0; call < this.#settings.calls && this.#mayGoOn; call += 1) await this.#call('broken');
    await this.#callUntilDetected();
    this.restore();
    await this.#tell('restored', this.#calls.length);
    const wasDetected = this.#watched().detectedAtMs !== undefined;
    // Calls find out that it is back; without them nobody asks its circuit.
    while (this.#mayGoOn && !this.#isBack(wasDetected)) await this.#call('recovery');
    if (this.#injected || !wasDetected) return;
    const untilMs = clock.monotonicMs() + settleMs;
    while (clock.monotonicMs() < untilMs && !this.#signal.aborted && !(await this.#isClosed())) {
      await this.#tell('restored', this.#calls.length);
      await this.#wait(pollMs * 3);
    }
  }

  /** A circuit that opened keeps failures away: who would notice them asks again only when it lets a call through. */
  async #callUntilDetected(): Promise<void> {
    const { clock } = this.#services;
    const untilMs = clock.monotonicMs() + (this.#settings.maxSeconds * 1_000) / detectShare;
    const isDetected = () => this.#watched().detectedAtMs !== undefined;
    while (isFailing(this.#settings.fault) && !isDetected() && this.#mayGoOn && clock.monotonicMs() < untilMs) {
      await this.#call('broken');
      await this.#wait(slowPaceMs);
    }
  }

  #break(): void {
    const { simulatedFailures, providers, clock } = this.#services;
    this.#brokenAtMs = clock.nowMs();
    if (this.#injected) {
      this.#injected.break();
      return;
    }
    const instance = providers.find(this.#row.teamId, this.#row.subjectId);
    if (!instance || !simulatedFailures) throw new Error('The simulated provider is gone.');
    simulatedFailures.rehearse(this.#row.id, instance.type, this.#settings.fault);
  }

  get #mayGoOn(): boolean {
    return !this.#signal.aborted && this.#spentNanoUsd < this.#maxNanoUsd;
  }

  /** Whether it is well by its status, and answers itself again. */
  #isBack(wasDetected: boolean): boolean {
    const { recoveredAtMs } = this.#watched();
    const answered = this.#calls.some(({ phase, isByPrimary }) => phase === 'recovery' && isByPrimary);
    return answered && (!wasDetected || recoveredAtMs !== undefined);
  }

  #watched(): { readonly detectedAtMs: number | undefined; readonly recoveredAtMs: number | undefined } {
    if (this.#injected) return this.#injected.watched();
    const state = this.#services.health.find(this.#row.subjectId)?.state;
    const isWell = state?.status === 'healthy';
    if (
      state &&
      !isWell &&
      state.status !== 'unknown' &&
      state.sinceMs >= (this.#brokenAtMs ?? Number.POSITIVE_INFINITY)
    )
      this.#detectedAtMs ??= state.sinceMs;
    const isAfter = this.#detectedAtMs !== undefined && state !== undefined && state.sinceMs > this.#detectedAtMs;
    if (isWell && isAfter && this.#restoredAtMs !== undefined) this.#recoveredAtMs ??= state.sinceMs;
    return { detectedAtMs: this.#detectedAtMs, recoveredAtMs: this.#recoveredAtMs };
  }

  #detectedAtMs: number | undefined;
  #recoveredAtMs: number | undefined;

  async #listen(events: AsyncIterableIterator<{ readonly kind: string; readonly at: Date }>): Promise<void> {
    const { clock } = this.#services;
    try {
      for await (const event of events)
        if (event.kind === 'status' && this.#brokenAtMs !== undefined && event.at.getTime() >= this.#brokenAtMs)
          this.#toldAtMs ??= clock.nowMs();
    } catch {
      // The feed was closed: what it did not tell stays unmeasured.
    }
  }

  async #call(phase: RehearsedCall['phase']): Promise<void> {
    const { clock } = this.#services;
    const startedAtMs = clock.nowMs();
    const { outcome, events, wanted, error } = await this.#ask();
    const endedAtMs = clock.nowMs();
    const cost = outcome ? costOfFailover(wanted, outcome) : undefined;
    const costNanoUsd = (outcome?.records ?? []).reduce((sum, record) => sum + (record.costNanoUsd ?? 0n), 0n);
    this.#spentNanoUsd += costNanoUsd;
    const served = outcome && !outcome.error ? outcome.record : undefined;
    this.#calls.push({
      ...{ phase, startedAtMs, endedAtMs, costNanoUsd },
      servedModelId: served?.modelId,
      isByPrimary: served?.providerId === this.#row.slug,
      failedAtMs: events.flatMap((event) =>
        event.type === 'attempt-failed' && event.providerId === this.#row.slug ? [event.atMs] : [],
      ),
      failoverMs: failoverTimesOf(events),
      wastedNanoUsd: cost?.wastedNanoUsd ?? 0n,
      extraNanoUsd: cost?.extraNanoUsd ?? 0n,
      isCostUnknown: cost?.isUnknown ?? false,
      error: outcome?.error?.message ?? error,
    });
    this.#watched();
    await this.#tell(phase === 'recovery' ? 'restored' : phase, this.#calls.length);
    await this.#wait(this.#settings.everyMs);
  }

  async #ask(): Promise<{
    readonly outcome: ChainOutcome | undefined;
    readonly events: readonly ChainEvent[];
    readonly wanted: ModelResolution['targets'][0];
    readonly error: string | undefined;
  }> {
    const { services, call, purpose, wanted } = describeCall(this.#services, this.#row, this.#settings);
    const routed = await routeCall(services, wanted, call, purpose, ['input', 'model']);
    const [first, ...others] = routed.resolution.targets;
    const wrap = (target: typeof first) => this.#injected?.wrap(target) ?? target;
    const resolution: ModelResolution = { ...routed.resolution, targets: [wrap(first), ...others.map(wrap)] };
    const dispatcher: ModelDispatcher = this.#injected?.dispatcher ?? services.dispatcher;
    const events: ChainEvent[] = [];
    const listener = { onPart: () => {}, onReset: () => {}, onEvent: (event: ChainEvent) => void events.push(event) };
    const model = { ...call, model: first.vendorModelId };
    const running = dispatcher.run(resolution, model, routed.purpose, listener, this.#signal, {}, true);
    // A decision about calls that are made to fail teaches the router nothing.
    const outcome = await (this.#injected ? running : routed.follow(running));
    return { outcome, events, wanted: first, error: undefined };
  }

  async #wait(ms: number): Promise<void> {
    await sleep(this.#services.clock, ms, this.#signal).catch(() => {});
  }

  async #isClosed(): Promise<boolean> {
    const { incidents, alerts } = await this.#findTrouble();
    if (incidents.length === 0) return true;
    const isOver = incidents.every(({ closedAt }) => closedAt !== null);
    const firing = alerts.filter(({ status }) => status === 'firing').length;
    return isOver && (firing === 0 || alerts.length > firing);
  }

  async #findTrouble() {
    const { prisma } = this.#services;
    const { teamId, subjectId } = this.#row;
    if (this.#injected || this.#brokenAtMs === undefined) return { incidents: [], alerts: [] };
    const incidents = await prisma.healthIncident.findMany({
      where: { subjectId, detectedAt: { gte: new Date(this.#brokenAtMs) } },
      orderBy: { startedAt: 'asc' },
    });
    const keys = incidents.map(({ id }) => `provider.incident:${id}`);
    const alerts = await prisma.alert.findMany({
      where: { teamId, dedupeKey: { in: keys } },
      orderBy: { seq: 'asc' },
      take: 50,
    });
    return { incidents, alerts };
  }

  async report(): Promise<RehearsalReport> {
    const { clock } = this.#services;
    const { incidents, alerts } = await this.#findTrouble();
    const { detectedAtMs, recoveredAtMs } = this.#watched();
    return buildRehearsalReport({
      brokenAtMs: this.#brokenAtMs,
      restoredAtMs: this.#restoredAtMs,
      endedAtMs: clock.nowMs(),
      detectedAtMs,
      toldAtMs: this.#injected ? detectedAtMs : this.#toldAtMs,
      recoveredAtMs,
      incidentId: incidents[0]?.id,
      incidents: incidents.length,
      alerts: alerts.map(
        ({ id, kind, status, title, at }): RehearsalAlert => ({
          ...{ id, kind, title, atMs: at.getTime() },
          status: status === 'resolved' ? 'resolved' : 'firing',
        }),
      ),
      calls: this.#calls,
      isFailing: isFailing(this.#settings.fault),
      hasIncidents: !this.#injected,
    });
  }
}

const answerTokens = 32;
const thinkingTokens = 512;

/** One call of a rehearsal: a short question in the name of whoever started it. */
export function describeCall(
  services: Services,
  row: Pick<FailureRehearsal, 'teamId' | 'createdById' | 'apiKeyId'>,
  settings: RehearsalSettings,
) {
  const { teamId, createdById, apiKeyId } = row;
  const { model, fallbacks, role, workflow } = settings;
  const found = services.providers.resolve(teamId, model);
  const first = 'targets' in found ? found.targets[0].modelId : model;
  const thinks = services.providers.findModel(teamId, first)?.catalog.capabilities.reasoning === true;
  const call: Omit<ModelCall, 'model'> = {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Answer with the one word OK.' }] }],
    maxOutputTokens: thinks ? thinkingTokens : answerTokens,
    ...(thinks && { reasoningEffort: 'minimal' as const }),
  };
  const purpose = {
    teamId,
    source: 'complete' as const,
    tags: [rehearsalTag],
    ...(createdById !== null && { userId: createdById }),
    ...(apiKeyId !== null && { apiKeyId }),
    ...(role && { role }),
    ...(workflow && { workflowId: workflow }),
  };
  return { services, call, purpose, wanted: { model, limits: undefined, fallbacks } };
}

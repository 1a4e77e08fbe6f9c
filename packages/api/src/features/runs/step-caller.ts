import type { ChainPolicy, DispatchTarget } from '@switchyard/core/dispatch';
import { sleep } from '@switchyard/core/kernel';
import type { CallPurpose } from '@switchyard/core/metrics';
import { defaultRetrySettings } from '@switchyard/core/policies';
import type { ModelCall } from '@switchyard/core/spec';
import {
  type CallEnd,
  type CallPlace,
  type PreparedCall,
  type ProgressFact,
  stoppedError,
  toCallEnd,
} from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { type RoutedCall, routeCall } from '../routing/route-call.ts';
import { AnswerRatings } from './answer-ratings.ts';
import { guardTarget } from './guard-targets.ts';
import type { CallWays, RunContextFacts, StepCaller } from './make-call.ts';
import { parametersOfCall, wantedOfStep } from './step-models.ts';
import { StepProgress } from './step-progress.ts';

type CallerServices = Pick<
  Services,
  'providers' | 'roles' | 'routing' | 'dispatcher' | 'budgets' | 'clock' | 'log' | 'prisma'
>;

/** So long a call waits for what routing needs; then it fails, and its step may ask again. */
const routeWithinMs = 10 * 60_000;

/** Makes the calls of steps on the way of every other call: routing, budgets, failover, observation and records. */
export class RoutedStepCaller implements StepCaller {
  readonly #services: CallerServices;
  readonly #ratings: AnswerRatings;

  constructor(services: CallerServices) {
    this.#services = services;
    this.#ratings = new AnswerRatings(services);
  }

  async call(
    run: RunContextFacts,
    prepared: PreparedCall,
    { isBudgetApproved, onProgress, confirm, confirmNow, wantsRating, test, signal }: CallWays,
  ): Promise<CallEnd> {
    const { budgets, dispatcher, clock } = this.#services;
    // The raise may have been made elsewhere: it must hold before the call asks again.
    if (isBudgetApproved) await budgets.book.reload().catch(() => {});
    const asked = toModelCall(prepared);
    const routed = await this.#route(run, test ? tagged(prepared, test) : prepared, asked, signal);
    if ('type' in routed) return routed;
    const { purpose } = routed;
    const resolution = guarded(withDeadlines(routed.resolution, prepared), confirmNow);
    const isLost = await confirm().then(
      () => false,
      () => true,
    );
    if (isLost) return { type: 'failed', error: stoppedError, isTransient: false, spend: [] };
    const progress = new StepProgress(placeOf(prepared), clock, onProgress);
    progress.tell(namingTest(toRouteFact(routed, prepared), test));
    const listener = {
      onPart: (part: Parameters<StepProgress['take']>[0]) => progress.take(part),
      onReset: () => progress.reset(),
      onEvent: (event: Parameters<StepProgress['note']>[0]) => progress.note(event),
    };
    const call = { ...asked, model: resolution.targets[0].vendorModelId };
    const policy = { ...this.#policyOf(resolution, prepared), approvalWaitMs: 0 };
    const outcome = await routed.follow(dispatcher.run(resolution, call, purpose, listener, signal, policy));
    progress.finish();
    const end = toCallEnd(outcome, progress.text);
    if (!wantsRating || end.type !== 'answered') return end;
    const rating = await this.#ratings.meanOf(run.teamId, end.answer.modelId);
    return rating === undefined ? end : { ...end, answer: { ...end.answer, rating } };
  }

  /**
   * Chooses the models, or says why the call has ended without any. While the database is away the first call of a team
   * waits for its rules: nobody was asked yet, so that nothing is paid twice.
   */
  async #route(
    run: RunContextFacts,
    prepared: PreparedCall,
    asked: Omit<ModelCall, 'model'>,
    signal: AbortSignal,
  ): Promise<RoutedCall | CallEnd> {
    const { clock, log } = this.#services;
    const untilMs = clock.monotonicMs() + routeWithinMs;
    for (let delayMs = 200; ; delayMs = Math.min(5_000, delayMs * 2)) {
      try {
        const wanted = wantedOfStep(this.#services, run.teamId, prepared);
        return await routeCall(this.#services, wanted, asked, purposeOf(run, prepared), ['models']);
      } catch (error) {
        if (error instanceof NoEligibleModelFailure) return notRouted(prepared, error);
        if (clock.monotonicMs() >= untilMs) throw error;
        log.warn({ runId: run.runId, error: String(error) }, 'the models of a step could not be chosen; trying again');
      }
      const isStopped = await sleep(clock, delayMs, signal).then(
        () => false,
        () => true,
      );
      if (isStopped) return { type: 'failed', error: stoppedError, isTransient: false, spend: [] };
    }
  }

  /** What the step says of surviving failure, over what holds for its models. */
  #policyOf(resolution: RoutedCall['resolution'], { delivery, retry, deadlines }: PreparedCall): Partial<ChainPolicy> {
    const { maxAttempts, initialDelayMs, maxDelayMs } = retry;
    const known = this.#services.dispatcher.policyOf(resolution).retry ?? defaultRetrySettings;
    const { backoff } = known;
    return {
      ...(delivery && { delivery }),
      ...(deadlines.overallMs !== undefined && { overallMs: deadlines.overallMs }),
      retry: {
        ...known,
        ...(maxAttempts !== undefined && { maxAttempts }),
        backoff: { baseMs: initialDelayMs ?? backoff.baseMs, capMs: maxDelayMs ?? backoff.capMs },
      },
    };
  }
}

function toModelCall(prepared: PreparedCall): Omit<ModelCall, 'model'> {
  const { format, system, messages } = prepared;
  return {
    ...parametersOfCall(prepared),
    messages,
    ...(system !== undefined && { system }),
    ...(format.type === 'json' && { output: format }),
  };
}

function purposeOf(run: RunContextFacts, { call, role, tags }: PreparedCall): CallPurpose {
  // Budgets may stand on any of them: neither those of the run nor those of the step are left out.
  const all = [...new Set([...run.tags, ...tags])];
  return {
    teamId: run.teamId,
    source: 'workflow-step',
    ...(run.isPatient && { isPatient: true }),
    sourceId: call.callId,
    ...(run.userId !== undefined && { userId: run.userId }),
    ...(run.apiKeyId !== undefined && { apiKeyId: run.apiKeyId }),
    ...(role !== undefined && { role }),
    workflowId: run.workflowName,
    runId: run.runId,
    stepId: call.stepId,
    ...(all.length > 0 && { tags: all }),
  };
}

function placeOf({ call }: PreparedCall): CallPlace {
  const { callId, stepId, itemIndex, slot, attempt } = call;
  return { callId, stepId, ...(itemIndex !== undefined && { itemIndex }), slot, attempt };
}

/** Deadlines of one attempt stand with the target. */
function withDeadlines(resolution: RoutedCall['resolution'], { deadlines }: PreparedCall): RoutedCall['resolution'] {
  const { overallMs: _overallMs, ...own } = deadlines;
  if (Object.keys(own).length === 0) return resolution;
  const limit = (target: DispatchTarget): DispatchTarget => {
    const overrides = { ...target.overrides, deadlines: { ...target.overrides?.deadlines, ...own } };
    const properties = {
      ...Object.getOwnPropertyDescriptors(target),
      overrides: { value: overrides, enumerable: true },
    };
    return Object.create(Object.prototype, properties) as DispatchTarget;
  };
  const [first, ...rest] = resolution.targets;
  return { ...resolution, targets: [limit(first), ...rest.map(limit)] };
}

function guarded(resolution: RoutedCall['resolution'], confirm: () => Promise<void>): RoutedCall['resolution'] {
  const [first, ...rest] = resolution.targets;
  const guard = (target: DispatchTarget) => guardTarget(target, confirm);
  return { ...resolution, targets: [guard(first), ...rest.map(guard)] };
}

/** Nobody was asked, because no model can be called now. */
function notRouted({ role }: PreparedCall, { rejected, message }: NoEligibleModelFailure): CallEnd {
  const reason = rejected.map((each) => each.reason).join(' ') || message;
  const code = role === undefined ? 'MODEL.NOT_AVAILABLE' : 'ROLE.UNRESOLVED';
  return { type: 'failed', error: { code, message: reason.slice(0, 2_000) }, isTransient: false, spend: [] };
}

type RouteFact = Extract<ProgressFact, { type: 'route-decided' }>;
type Test = NonNullable<CallWays['test']>;

/** Call records say which test and variant a call was for. */
const tagged = (prepared: PreparedCall, { experimentId, variant }: Test): PreparedCall => ({
  ...prepared,
  tags: [...prepared.tags, `test:${experimentId}`, `variant:${variant}`],
});

function namingTest(fact: RouteFact, test: Test | undefined): RouteFact {
  if (!test) return fact;
  const why = `The live test "${test.name}" put this on its variant "${test.variant}".`;
  return { ...fact, test, explanation: `${why} ${fact.explanation}` };
}

const mostCandidates = 16;
const mostRejected = 20;

function toRouteFact({ decision, resolution, purpose }: RoutedCall, prepared: PreparedCall): RouteFact {
  const base = {
    type: 'route-decided',
    ...placeOf(prepared),
    ...(purpose.role !== undefined && { role: purpose.role }),
  } as const;
  if (!decision) {
    const { targets, refused } = resolution;
    const isAlone = targets.length === 1;
    return {
      ...base,
      strategy: 'manual',
      candidates: targets.slice(0, mostCandidates).map(({ modelId }) => ({ modelId })),
      rejected: refused.slice(0, mostRejected),
      matchedRules: [],
      explanation: isAlone ? 'The only model that the step names.' : 'Asked in the order that the step names.',
    };
  }
  const { plan } = decision;
  const asked = new Set(resolution.targets.map(({ modelId }) => modelId));
  const planned = plan.candidates.filter(({ modelId }) => asked.has(modelId));
  return {
    ...base,
    decisionId: decision.id,
    strategy: plan.strategy,
    candidates: planned.slice(0, mostCandidates).map(({ modelId, score, propensity }) => ({
      modelId,
      score,
      ...(propensity !== undefined && { propensity }),
    })),
    rejected: plan.rejected.slice(0, mostRejected).map(({ modelId, reason }) => ({ modelId, reason })),
    matchedRules: plan.matchedRules.map(({ name }) => name),
    explanation: plan.explanation,
  };
}

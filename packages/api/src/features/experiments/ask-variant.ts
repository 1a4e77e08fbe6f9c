import { type ContaminationReason, type ExperimentVariant, findContamination } from '@switchyard/core/experiments';
import { toStorableText } from '@switchyard/core/kernel';
import type { CallPurpose } from '@switchyard/core/metrics';
import { type Strategy, strategies } from '@switchyard/core/routing';
import type { ModelCall, StreamPart } from '@switchyard/core/spec';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { sumCosts } from '../routing/model-dispatcher.ts';
import { routeCall } from '../routing/route-call.ts';

export type CallingServices = Pick<Services, 'routing' | 'providers' | 'roles' | 'dispatcher'>;

/** On whose behalf a test asks. */
export interface TestCaller {
  readonly teamId: string;
  readonly experimentId: string;
  readonly userId: string | undefined;
  readonly apiKeyId: string | undefined;
}

/** How one call of a test ended, with the money of all its attempts. */
export interface CallResult {
  readonly text: string;
  /** Undefined when an answer came. */
  readonly failure: string | undefined;
  readonly failureMessage: string | undefined;
  /** Undefined when unknown. */
  readonly costNanoUsd: bigint | undefined;
  readonly latencyMs: number | undefined;
  readonly timeToFirstTokenMs: number | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly answeredModelId: string | undefined;
  /** The routing decision that chose the model; undefined when the model was named. */
  readonly decisionId: string | undefined;
  readonly contamination: ContaminationReason | undefined;
  /** The answer ended because its tokens did. */
  readonly isCut: boolean;
}

type Asked = Omit<ModelCall, 'model'>;

/** Makes one call on the way of every other call: routing, budgets, failover and records. Never throws for what vendors do. */
export async function askModel(
  services: CallingServices,
  caller: TestCaller,
  wanted: { readonly model: string; readonly strategy?: string | undefined },
  asked: Asked,
  tags: readonly string[],
  signal: AbortSignal,
): Promise<CallResult> {
  const purpose: CallPurpose = {
    teamId: caller.teamId,
    source: 'experiment',
    isPatient: true,
    sourceId: caller.experimentId,
    ...(caller.userId !== undefined && { userId: caller.userId }),
    ...(caller.apiKeyId !== undefined && { apiKeyId: caller.apiKeyId }),
    tags,
  };
  let text = '';
  const listener = {
    onPart: (part: StreamPart) => {
      if (part.type === 'text-delta') text += part.delta;
    },
    onReset: () => {
      text = '';
    },
  };
  try {
    const strategy = strategies.find((each) => each === wanted.strategy) as Strategy | undefined;
    const name = { model: wanted.model, ...(strategy && { strategy }) };
    const routed = await routeCall(services, name, asked, purpose, ['model']);
    const { resolution } = routed;
    const call = { ...asked, model: resolution.targets[0].vendorModelId };
    // People cannot be waited for: a budget that asks for approval refuses.
    const policy = { approvalWaitMs: 0 };
    const running = services.dispatcher.run(resolution, call, routed.purpose, listener, signal, policy);
    const { record, records, error } = await routed.follow(running);
    const cost = sumCosts(records);
    const isAnswered = !error && record !== undefined;
    const own = resolution.kind === 'model' ? [resolution.targets[0]] : resolution.targets;
    const contamination = isAnswered
      ? findContamination({
          allowedModels: new Set(own.map(({ modelId }) => modelId)),
          answeredBy: record.modelId,
          hadFailover: records.some(({ outcome, modelId }) => outcome !== 'succeeded' && modelId !== record.modelId),
          variant: '',
        })
      : undefined;
    return {
      text: toStorableText(text),
      failure: isAnswered ? undefined : (error?.kind ?? 'not-available'),
      failureMessage: isAnswered
        ? undefined
        : toStorableText(error?.message ?? 'No model could be called.').slice(0, 2_000),
      costNanoUsd: 'costNanoUsd' in cost ? cost.costNanoUsd : undefined,
      latencyMs: record?.latencyMs,
      timeToFirstTokenMs: record?.timeToFirstTokenMs,
      inputTokens: record?.usage.inputTokens,
      outputTokens: record?.usage.outputTokens,
      answeredModelId: isAnswered ? record.modelId : undefined,
      decisionId: routed.purpose.decisionId,
      contamination,
      isCut: record?.finishReason?.unified === 'length',
    };
  } catch (error) {
    if (!(error instanceof NoEligibleModelFailure)) throw error;
    return { ...notAsked, failure: 'no-model', failureMessage: toStorableText(error.message).slice(0, 2_000) };
  }
}

export const notAsked: CallResult = {
  text: '',
  failure: undefined,
  failureMessage: undefined,
  costNanoUsd: 0n,
  latencyMs: undefined,
  timeToFirstTokenMs: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  answeredModelId: undefined,
  decisionId: undefined,
  contamination: undefined,
  isCut: false,
};

/** What a variant asks about an item. */
export function callOfVariant(variant: ExperimentVariant, prompt: string, system: string | undefined): Asked {
  const { parameters = {} } = variant;
  const set = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  return {
    messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
    ...(system !== undefined && system !== '' && { system }),
    ...set,
  };
}

import type { PriceQuote } from '../catalog/index.ts';
import type { EstimatedModel, ModelLimits } from '../guardrails/index.ts';
import type { CallOrigin } from '../metrics/index.ts';
import type { Deadlines, RetrySettings } from '../policies/index.ts';
import { type CallParameters, mergeParameters, parametersOf } from '../roles/index.ts';
import type { ModelAdapter, ModelCall } from '../spec/index.ts';

/** A model that can be called now: which one, through what, at which price. */
export interface DispatchTarget {
  readonly providerId: string;
  /** Tells apart what different teams call by one provider id; absent: the id is enough. Keys circuits and limits. */
  readonly instanceId?: string;
  /** `provider/model`. */
  readonly modelId: string;
  /** The model id that the vendor knows. */
  readonly vendorModelId: string;
  readonly origin: CallOrigin;
  readonly adapter: ModelAdapter;
  /** The price that applies to a call started now; undefined when there is none. */
  readonly price: PriceQuote | undefined;
  /** For estimates; absent: a guess on the safe side. */
  readonly model?: EstimatedModel;
  /** What this model may use in this step; absent: what budgets leave. */
  readonly limits?: ModelLimits;
  /** What tunes this model where the call itself says nothing. Read by chains only. */
  readonly parameters?: CallParameters;
  /** Whether the model continues a last message of the assistant; absent means no. Read by chains only. */
  readonly acceptsPrefill?: boolean;
  /** How long its first token is waited for while another candidate could answer. Read by chains only. */
  readonly firstTokenPatienceMs?: number;
  /** What the provider has set for itself in place of the chain's policy. Read by chains only. */
  readonly overrides?: { readonly deadlines?: Partial<Deadlines>; readonly retry?: Partial<RetrySettings> };
}

/** `asked` as it goes to `target`: what the caller set wins over what the target brings along. */
export function callOfTarget(asked: ModelCall, target: DispatchTarget): ModelCall {
  const tuned = target.parameters ? { ...asked, ...mergeParameters(target.parameters, parametersOf(asked)) } : asked;
  return { ...tuned, model: target.vendorModelId };
}

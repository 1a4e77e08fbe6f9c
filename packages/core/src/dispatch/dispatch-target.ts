import type { PriceQuote } from '../catalog/index.ts';
import type { CallOrigin } from '../metrics/index.ts';
import type { Deadlines, RetrySettings } from '../policies/index.ts';
import type { ModelAdapter } from '../spec/index.ts';

/** A model that can be called now: which one, through what, at which price. */
export interface DispatchTarget {
  readonly providerId: string;
  /** `provider/model`. */
  readonly modelId: string;
  /** The model id that the vendor knows. */
  readonly vendorModelId: string;
  readonly origin: CallOrigin;
  readonly adapter: ModelAdapter;
  /** The price that applies to a call started now; undefined when there is none. */
  readonly price: PriceQuote | undefined;
  /** Whether the model continues a last message of the assistant; absent means no. Read by chains only. */
  readonly acceptsPrefill?: boolean;
  /** What the provider has set for itself in place of the chain's policy. Read by chains only. */
  readonly overrides?: { readonly deadlines?: Partial<Deadlines>; readonly retry?: Partial<RetrySettings> };
}

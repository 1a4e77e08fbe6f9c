import type { ProviderType } from '@switchyard/core/catalog';
import type { CallOrigin } from '@switchyard/core/metrics';
import type { ModelAdapter } from '@switchyard/core/spec';

export type ProviderState = 'READY' | 'KEY_MISSING' | 'KEY_REJECTED' | 'UNREACHABLE' | 'UNTESTED';

/** What the last connection test found. */
export interface ProviderStatus {
  readonly state: ProviderState;
  /** What to do, or the vendor's own words; undefined when all is well. */
  readonly message?: string;
  /** Epoch milliseconds. */
  readonly testedAtMs?: number;
  /** The vendor's own model ids as it listed them. */
  readonly listedModels: readonly string[];
}

/** One provider the installation knows; without an adapter it is not configured and cannot be called. */
export interface ProviderInstance {
  /** What stands before the slash of a model id. */
  readonly slug: string;
  readonly type: ProviderType;
  readonly displayName: string;
  readonly origin: CallOrigin;
  readonly baseUrl: string | undefined;
  readonly keyVariable: string | undefined;
  readonly keyPageUrl: string | undefined;
  readonly keyLastFour: string | undefined;
  readonly adapter: ModelAdapter | undefined;
}

import type { CatalogModel, ProviderType } from '@switchyard/core/catalog';
import type { CallOrigin } from '@switchyard/core/metrics';
import type { Deadlines, RetrySettings } from '@switchyard/core/policies';
import type { ProviderLimits } from '@switchyard/core/provisioning';
import type { ModelAdapter } from '@switchyard/core/spec';

export type ProviderState =
  | 'READY'
  | 'KEY_MISSING'
  | 'KEY_REJECTED'
  | 'UNREACHABLE'
  | 'UNTESTED'
  | 'DISABLED'
  | 'SHADOWED';

/** Where a provider was described. */
export type ProviderSource = 'environment' | 'file' | 'team' | 'simulator';

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

/** Why a provider that is known cannot be called, whatever its vendor says. */
export interface ProviderBlock {
  readonly state: 'KEY_MISSING' | 'DISABLED' | 'SHADOWED';
  readonly message: string;
}

/** One provider the installation or one team knows; without an adapter it cannot be called, and `block` says why. */
export interface ProviderInstance {
  /** Unique over all teams: the slug, or the id of the team's row. */
  readonly id: string;
  /** The team it belongs to; undefined for the whole installation. */
  readonly teamId: string | undefined;
  /** What stands before the slash of a model id. */
  readonly slug: string;
  readonly type: ProviderType;
  readonly displayName: string;
  readonly origin: CallOrigin;
  readonly source: ProviderSource;
  /** For example `switchyard.yaml:12` or `OPENAI_API_KEY`; undefined for a team's own. */
  readonly sourceDetail: string | undefined;
  readonly baseUrl: string | undefined;
  readonly keyVariable: string | undefined;
  readonly keyPageUrl: string | undefined;
  readonly hasKey: boolean;
  readonly keyLastFour: string | undefined;
  /** Names of the extra headers; their values are secrets. */
  readonly headerNames: readonly string[];
  readonly limits: ProviderLimits;
  readonly retry: Partial<RetrySettings>;
  readonly deadlines: Partial<Deadlines>;
  /** Models that the catalogue does not know, or knows differently. */
  readonly configuredModels: readonly CatalogModel[];
  readonly isEnabled: boolean;
  readonly block: ProviderBlock | undefined;
  /** Changes when address, key or headers change: a test of one connection says nothing of another. */
  readonly connectionKey: string;
  readonly adapter: ModelAdapter | undefined;
}

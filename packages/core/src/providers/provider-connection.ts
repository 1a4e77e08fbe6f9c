import type { ProviderType } from '../catalog/index.ts';

/** Which network addresses a connection may reach. Metadata and link-local addresses are refused in both. */
export type AddressPolicy = 'public-only' | 'allow-private';

/** One provider instance: where it is and how to identify to it. */
export interface ProviderConnection {
  /** Id of the instance, for example `openai` or `openai-eu`. */
  readonly id: string;
  readonly type: ProviderType;
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Sent with every request; treated as secrets in error texts. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly addressPolicy: AddressPolicy;
}

import type { ProviderType } from '@switchyard/core/catalog';
import type { ProviderConnection } from '@switchyard/core/providers';

/** A live provider as the environment describes it. */
export interface ProviderSetting {
  readonly type: ProviderType;
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly addressPolicy: ProviderConnection['addressPolicy'];
}

/** What one identity may ask of the graph; model money is limited elsewhere. */
export interface RequestLimits {
  /** Size of the leaky bucket, in points of query cost. */
  readonly graphBucketPoints: number;
  readonly graphRestorePerSecond: number;
  readonly socketsPerIdentity: number;
  readonly subscriptionsPerSocket: number;
}

/** Everything an API server must be told. Secrets are in here: never log it. */
export interface ApiSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute. Holds the embedded database and the generated secret. */
  readonly dataDir: string;
  /** A Postgres server; absent means the embedded database. */
  readonly databaseUrl?: string;
  /** Under which address browsers reach this server, when it is not `http://<host>:<port>`. */
  readonly publicUrl?: string;
  /** Signs sessions; generated into `dataDir` when absent. */
  readonly secret?: string;
  /** Created on the first start; ignored once an owner exists. */
  readonly firstOwner?: { readonly email: string; readonly password: string; readonly apiKey?: string };
  readonly simulator: 'auto' | 'on' | 'off';
  readonly allowedProviders: readonly ProviderType[];
  readonly providers: readonly ProviderSetting[];
  readonly limits: RequestLimits;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

import type { ProviderType } from '@switchyard/core/catalog';
import type { ProviderConnection } from '@switchyard/core/providers';
import type { AccessRole } from './auth/identity.ts';
import type { MailSettings } from './mail/mailer.ts';
import type { AllowedNetwork } from './observability/metrics-access.ts';
import type { TelemetrySettings } from './observability/tracing/telemetry-settings.ts';

/** A live provider as the environment describes it. */
export interface ProviderSetting {
  readonly type: ProviderType;
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly addressPolicy: ProviderConnection['addressPolicy'];
}

/** The file `switchyard.yaml` and what it may refer to. */
export interface ConfigurationFileSetting {
  /** Absolute. */
  readonly path: string;
  /** Named by the operator, so that its absence is an error. */
  readonly isRequired: boolean;
  /** The environment that the file may refer to. Secrets are in here: never log it. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A target of `GUARDRAIL_ALERT_WEBHOOK`. The URL is a secret. */
export interface AlertWebhookSetting {
  readonly type: 'slack' | 'teams' | 'webhook';
  readonly url: string;
}

/** What one identity may ask of the graph; model money is limited elsewhere. */
export interface RequestLimits {
  /** Size of the leaky bucket, in points of query cost. */
  readonly graphBucketPoints: number;
  readonly graphRestorePerSecond: number;
  readonly socketsPerIdentity: number;
  readonly subscriptionsPerSocket: number;
  /** Tries to sign in, to use a link, to enter a code: each of one network address within a minute. */
  readonly signInsPerMinute: number;
  /** Open sockets of one network address; behind a proxy all have the proxy's. */
  readonly socketsPerAddress: number;
}

/** How long calls are remembered one by one, and where while the database is away. */
export interface CallRecordSettings {
  readonly recordDays: number;
  readonly spillMaxBytes: number;
}

/** The organisation's identity provider, where people sign in by OpenID Connect. */
export interface SingleSignOnSettings {
  /** Exactly as the provider calls itself. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, which has PKCE alone. */
  readonly clientSecret?: string;
  /** What the button says. */
  readonly name: string;
  /** In small letters; empty: any. */
  readonly allowedDomains: readonly string[];
  /** What new people may do; absent: only those who are invited may come. */
  readonly defaultRole?: AccessRole;
  /** Nobody signs in by password. */
  readonly isOnly: boolean;
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
  /** The secret before a rotation, while stored credentials are still sealed with it. */
  readonly previousSecret?: string;
  /** Browser sessions may send the dashboard's own documents only; API keys send what they like. */
  readonly isPersistedOnly: boolean;
  /** NODE_ENV is `development`: the schema is told to everybody who is signed in. */
  readonly isDevelopment: boolean;
  /** Where mail is handed over; absent: links are copied by hand. */
  readonly mail?: MailSettings;
  readonly singleSignOn?: SingleSignOnSettings;
  /** Created on the first start; ignored once an owner exists. */
  readonly firstOwner?: { readonly email: string; readonly password: string; readonly apiKey?: string };
  /** `FEATURE_MODELS_ADAPTIVE`: whether the router may learn; absent leaves it to the configuration file. */
  readonly adaptiveRouting?: boolean;
  readonly simulator: 'auto' | 'on' | 'off';
  readonly allowedProviders: readonly ProviderType[];
  readonly providers: readonly ProviderSetting[];
  readonly configurationFile: ConfigurationFileSetting;
  /** The price table of MODEL_PRICING_TABLE_PATH, absolute; absent: none. */
  readonly priceTablePath?: string;
  /** Whether providers made in the dashboard may be inside the network; metadata and link-local addresses never. */
  readonly allowsPrivateNetworks: boolean;
  /** Hear of every team's alerts. */
  readonly alertWebhooks: readonly AlertWebhookSetting[];
  /** Signs what plain webhooks among them are sent; unsigned when absent. */
  readonly alertWebhookSecret?: string;
  readonly limits: RequestLimits;
  /** Where traces and metrics are exported to by OpenTelemetry; absent: nowhere. */
  readonly telemetry?: TelemetrySettings;
  /** From where `/metrics` may be read without a key, for the whole installation. */
  readonly metricsNetworks: readonly AllowedNetwork[];
  readonly callRecords: CallRecordSettings;
  /** How many days runs of workflows are kept after their end where a team did not say. */
  readonly runDays: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

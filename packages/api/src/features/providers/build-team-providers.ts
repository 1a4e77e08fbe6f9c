import type { ProviderType } from '@switchyard/core/catalog';
import { providerProfiles } from '@switchyard/core/providers';
import type { z } from 'zod';
import type { ProviderModel } from '../../generated/prisma/models.ts';
import type { AdapterPool } from './adapter-pool.ts';
import { type CredentialVault, SealError } from './credential-vault.ts';
import { describeConfiguredModel } from './describe-model.ts';
import type { ProviderBlock, ProviderInstance } from './provider-instance.ts';
import {
  deadlinesColumn,
  headersColumn,
  limitsColumn,
  modelsColumn,
  providerTypeColumn,
  retryColumn,
  type StoredModel,
} from './stored-provider.ts';

export interface TeamProviderRules {
  readonly vault: CredentialVault;
  readonly allowedTypes: readonly ProviderType[];
  readonly allowsPrivateNetworks: boolean;
  /** Ids that providers of the installation have taken, with where they come from. */
  readonly takenIds: ReadonlyMap<string, string>;
}

/** The providers that teams made, from their rows. A row that cannot be used is kept with the reason. */
export function buildTeamProviders(
  rows: readonly ProviderModel[],
  rules: TeamProviderRules,
  pool: AdapterPool,
): readonly ProviderInstance[] {
  return rows.flatMap((row) => {
    const type = providerTypeColumn.safeParse(row.type);
    return type.success ? [buildTeamProvider(row, type.data, rules, pool)] : [];
  });
}

function buildTeamProvider(
  row: ProviderModel,
  type: ProviderType,
  rules: TeamProviderRules,
  pool: AdapterPool,
): ProviderInstance {
  const profile = providerProfiles[type];
  const common = { slug: row.slug, type, displayName: row.displayName ?? profile.displayName };
  const opened = openCredentials(row, rules.vault);
  const block = findBlock(row, type, rules) ?? opened.block;
  const isKeyMissing = !block && profile.needsKey && opened.apiKey === undefined;
  const connection =
    block || isKeyMissing
      ? undefined
      : pool.take(
          {
            id: row.slug,
            type,
            baseUrl: row.baseUrl,
            addressPolicy: rules.allowsPrivateNetworks ? 'allow-private' : 'public-only',
            headers: opened.headers,
            ...(opened.apiKey !== undefined && { apiKey: opened.apiKey }),
          },
          row.id,
        );
  return {
    ...common,
    ...(connection ?? { adapter: undefined, connectionKey: `none ${row.id}` }),
    id: row.id,
    teamId: row.teamId,
    origin: 'live',
    source: 'team',
    sourceDetail: undefined,
    baseUrl: row.baseUrl,
    keyVariable: undefined,
    keyPageUrl: profile.keyPageUrl,
    hasKey: row.sealedKey !== null,
    keyLastFour: row.sealedKey === null ? undefined : (row.keyLastFour ?? undefined),
    headerNames: Object.keys(opened.headers),
    limits: read(limitsColumn, row.limits, {}),
    retry: read(retryColumn, row.retry, {}),
    deadlines: read(deadlinesColumn, row.deadlines, {}),
    configuredModels: read(modelsColumn, row.models, []).map((model) =>
      describeConfiguredModel(common, toConfiguredModel(model)),
    ),
    isEnabled: row.isEnabled,
    block: isKeyMissing ? { state: 'KEY_MISSING', message: missingKeyMessage(type) } : block,
  };
}

function findBlock(row: ProviderModel, type: ProviderType, rules: TeamProviderRules): ProviderBlock | undefined {
  const takenBy = rules.takenIds.get(row.slug);
  if (takenBy !== undefined) {
    const message = `The id ${row.slug} now belongs to a provider of the installation (${takenBy}), which is used instead. Delete this one, or make it anew under another id.`;
    return { state: 'SHADOWED', message };
  }
  if (!rules.allowedTypes.includes(type)) {
    return { state: 'DISABLED', message: `This installation allows no providers of the type ${type}.` };
  }
  return row.isEnabled ? undefined : { state: 'DISABLED', message: 'It is switched off.' };
}

interface OpenedCredentials {
  readonly apiKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly block?: ProviderBlock;
}

/** Key and headers, if they were stored for the very origin that the row names now. */
export function openCredentials(row: ProviderModel, vault: CredentialVault): OpenedCredentials {
  const origin = URL.canParse(row.baseUrl) ? new URL(row.baseUrl).origin : '';
  const place = { teamId: row.teamId, rowId: row.id, origin };
  try {
    const headers =
      row.sealedHeaders === null
        ? {}
        : read(headersColumn, JSON.parse(vault.unseal(row.sealedHeaders, { ...place, purpose: 'headers' })), {});
    if (row.sealedKey === null) return { headers };
    return { headers, apiKey: vault.unseal(row.sealedKey, { ...place, purpose: 'api-key' }) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return { headers: {}, block: { state: 'KEY_MISSING', message: error.message } };
  }
}

function missingKeyMessage(type: ProviderType): string {
  const { displayName, keyPageUrl } = providerProfiles[type];
  return `${displayName} needs an API key: type it here${keyPageUrl === undefined ? '' : ` (keys: ${keyPageUrl})`}.`;
}

function toConfiguredModel({ vision, tools, json, reasoning, ...rest }: StoredModel) {
  const capabilities = Object.entries({ vision, tools, json, reasoning }).filter(([, value]) => value !== undefined);
  return { ...rest, capabilities: Object.fromEntries(capabilities) };
}

/** A column that another version wrote otherwise counts as empty. */
function read<Schema extends z.ZodType>(schema: Schema, value: unknown, otherwise: z.output<Schema>): z.output<Schema> {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : otherwise;
}

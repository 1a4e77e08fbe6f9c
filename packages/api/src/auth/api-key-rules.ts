import type { DispatchTarget } from '@switchyard/core/dispatch';

/** What a key may call, beside its scopes. What is absent is not limited. */
export interface ApiKeyRules {
  readonly keyId: string;
  /** `provider/model`, and `provider/*` for all models of a provider. */
  readonly allowedModels?: readonly string[] | undefined;
  /** Names of model roles. With it and without `allowedModels`, the key calls by these roles only. */
  readonly allowedRoles?: readonly string[] | undefined;
  /** What `auto` means for direct calls of this key. */
  readonly defaultModel?: string | undefined;
  readonly dataOrigin?: 'live' | 'simulated' | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** The columns of a key that its rules are read from. */
export interface ApiKeyRuleColumns {
  readonly id: string;
  readonly allowedModels: unknown;
  readonly allowedRoles: unknown;
  readonly defaultModel: string | null;
  readonly dataOrigin: string | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

/** The names in a column; undefined: not limited. What cannot be read allows nothing, rather than everything. */
export function readNames(column: unknown): readonly string[] | undefined {
  if (column === null || column === undefined) return undefined;
  return Array.isArray(column) ? column.filter((name) => typeof name === 'string') : [];
}

export function toKeyRules(row: ApiKeyRuleColumns): ApiKeyRules {
  const origin = row.dataOrigin?.toLowerCase();
  return {
    keyId: row.id,
    allowedModels: readNames(row.allowedModels),
    allowedRoles: readNames(row.allowedRoles),
    defaultModel: row.defaultModel ?? undefined,
    dataOrigin: origin === undefined ? undefined : origin === 'simulated' ? 'simulated' : 'live',
    requestsPerMinute: row.requestsPerMinute ?? undefined,
    tokensPerMinute: row.tokensPerMinute ?? undefined,
  };
}

/** Whether some models are out of reach of the key. */
export function limitsModels({ allowedModels, dataOrigin }: ApiKeyRules): boolean {
  return allowedModels !== undefined || dataOrigin !== undefined;
}

/** Whether anything but its scopes limits the key: one that is limited so makes no keys, which would not be. */
export function isLimited(rules: ApiKeyRules): boolean {
  const { allowedRoles, requestsPerMinute, tokensPerMinute } = rules;
  return [allowedRoles, requestsPerMinute, tokensPerMinute].some((each) => each !== undefined) || limitsModels(rules);
}

/** Whether the key may call this model. */
export function mayCallModel(
  { allowedModels, dataOrigin }: Pick<ApiKeyRules, 'allowedModels' | 'dataOrigin'>,
  { modelId, origin }: Pick<DispatchTarget, 'modelId' | 'origin'>,
): boolean {
  if (dataOrigin !== undefined && origin !== dataOrigin) return false;
  if (allowedModels === undefined) return true;
  const slash = modelId.indexOf('/');
  return allowedModels.some((name) => name === modelId || name === `${modelId.slice(0, slash)}/*`);
}

/** Whether the key may name this role; `undefined`: a model, an alias, a chain or `auto` instead of a role. */
export function mayUseRole({ allowedModels, allowedRoles }: ApiKeyRules, role: string | undefined): boolean {
  if (allowedRoles === undefined) return true;
  return role === undefined ? allowedModels !== undefined : allowedRoles.includes(role);
}

const mostNamed = 20;

/** What the key may call, as a sentence for whoever named something else. */
export function describeAllowed({ allowedModels, allowedRoles, dataOrigin }: ApiKeyRules): string {
  const list = (names: readonly string[]) =>
    names.length === 0 ? 'none' : names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? ', …' : '');
  const parts = [
    ...(allowedModels ? [`models: ${list(allowedModels)}`] : []),
    ...(allowedRoles ? [`roles: ${list(allowedRoles.map((name) => `role:${name}`))}`] : []),
    ...(dataOrigin ? [dataOrigin === 'live' ? 'live providers only' : 'simulated providers only'] : []),
  ];
  return `This API key may call ${parts.length > 0 ? parts.join('; ') : 'every model'}.`;
}

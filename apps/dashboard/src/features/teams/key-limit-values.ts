import type { ApiKeyFieldsFragment, CreateApiKeyInput } from '../../gql/teams.ts';

type BudgetWindow = NonNullable<ApiKeyFieldsFragment['budgetUse']>['window'];

/** The limits of a key as a form holds them; empty means none. */
export interface KeyLimitValues {
  readonly allowedModels: readonly string[];
  readonly allowedRoles: readonly string[];
  readonly defaultModel: string;
  readonly dataOrigin: 'BOTH' | 'LIVE' | 'SIMULATED';
  readonly requestsPerMinute: number | '';
  readonly tokensPerMinute: number | '';
  readonly budgetLimit: string;
  readonly budgetWindow: BudgetWindow;
}

export const noLimits: KeyLimitValues = {
  allowedModels: [],
  allowedRoles: [],
  defaultModel: '',
  dataOrigin: 'BOTH',
  requestsPerMinute: '',
  tokensPerMinute: '',
  budgetLimit: '',
  budgetWindow: 'MONTH',
};

export function limitsOf(key: ApiKeyFieldsFragment): KeyLimitValues {
  return {
    allowedModels: key.allowedModels ?? [],
    allowedRoles: key.allowedRoles ?? [],
    defaultModel: key.defaultModel ?? '',
    dataOrigin: key.dataOrigin ?? 'BOTH',
    requestsPerMinute: key.requestsPerMinute ?? '',
    tokensPerMinute: key.tokensPerMinute ?? '',
    budgetLimit: key.budgetUse?.limit ?? '',
    budgetWindow: key.budgetUse?.window ?? 'MONTH',
  };
}

type LimitInput = Omit<CreateApiKeyInput, 'name' | 'scopes' | 'expiresAt'>;

/** What the server is sent: null takes a limit away. */
export function limitInput(values: KeyLimitValues): LimitInput {
  const names = (list: readonly string[]) => (list.length > 0 ? [...list] : null);
  return {
    allowedModels: names(values.allowedModels),
    allowedRoles: names(values.allowedRoles),
    defaultModel: values.defaultModel.trim() || null,
    dataOrigin: values.dataOrigin === 'BOTH' ? null : values.dataOrigin,
    requestsPerMinute: values.requestsPerMinute === '' ? null : values.requestsPerMinute,
    tokensPerMinute: values.tokensPerMinute === '' ? null : values.tokensPerMinute,
    budget: values.budgetLimit.trim() === '' ? null : { limit: values.budgetLimit.trim(), window: values.budgetWindow },
  };
}

/** How many limits are set. */
export const countLimits = (values: KeyLimitValues): number =>
  Object.values(limitInput(values)).filter((value) => value !== null).length;

const windows: Readonly<Partial<Record<BudgetWindow, string>>> = {
  HOUR: 'an hour',
  DAY: 'a day',
  WEEK: 'a week',
  MONTH: 'a month',
  LIFETIME: 'in all',
};
export const windowWord = (window: BudgetWindow): string => windows[window] ?? window.toLowerCase();

const list = (names: readonly string[], most: number) =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');

/** What limits a key beside its scopes, one short text each. */
export function limitWords(
  key: Pick<
    ApiKeyFieldsFragment,
    'allowedModels' | 'allowedRoles' | 'defaultModel' | 'dataOrigin' | 'requestsPerMinute' | 'tokensPerMinute'
  >,
): readonly string[] {
  const count = new Intl.NumberFormat('en-US');
  return [
    key.dataOrigin === 'SIMULATED' ? 'simulated models only' : key.dataOrigin === 'LIVE' ? 'live models only' : '',
    key.allowedModels ? `only ${list(key.allowedModels, 2)}` : '',
    key.allowedRoles ? `by role ${list(key.allowedRoles, 3)}` : '',
    key.defaultModel ? `auto is ${key.defaultModel}` : '',
    key.requestsPerMinute ? `${count.format(key.requestsPerMinute)} calls a minute` : '',
    key.tokensPerMinute ? `${count.format(key.tokensPerMinute)} tokens a minute` : '',
  ].filter(Boolean);
}

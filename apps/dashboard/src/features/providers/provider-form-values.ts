import type {
  CreateProviderInput,
  ProviderFieldsFragment,
  ProviderType,
  TestProviderConnectionInput,
  UpdateProviderInput,
} from '../../gql/providers.ts';
import { factsOfType, providerTypes } from './provider-types.ts';

/** Number fields hold text while they are empty. */
type NumberField = number | '';

/** The form of a provider. Field names are those of the API, so that its issues find their fields. */
export interface ProviderFormValues {
  type: ProviderType;
  slug: string;
  displayName: string;
  baseUrl: string;
  /** Empty: the stored key stays. Never filled by the server. */
  apiKey: string;
  isKeyRemoved: boolean;
  headers: { name: string; value: string }[];
  /** Whether `headers` stand in place of the stored ones. */
  areHeadersReplaced: boolean;
  models: string[];
  limits: {
    maxConcurrent: NumberField;
    maxQueued: NumberField;
    requestsPerMinute: NumberField;
    tokensPerMinute: NumberField;
  };
  retry: { maxAttempts: NumberField; patienceMs: NumberField };
  deadlines: { firstTokenMs: NumberField; idleMs: NumberField; totalMs: NumberField };
}

const field = (value: number | null | undefined): NumberField => value ?? '';
const given = (value: NumberField): number | null => (value === '' ? null : value);
const text = (value: string): string | null => (value.trim() === '' ? null : value.trim());

/** An id that is free: `openai`, else `openai-2`, `openai-3`, … */
export function freeSlug(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let count = 2; ; count += 1) if (!taken.has(`${wanted}-${count}`)) return `${wanted}-${count}`;
}

export function emptyProviderForm(type: ProviderType, taken: ReadonlySet<string>): ProviderFormValues {
  const { slug, baseUrl } = factsOfType(type);
  return {
    type,
    slug: freeSlug(slug, taken),
    displayName: '',
    baseUrl: baseUrl ?? '',
    apiKey: '',
    isKeyRemoved: false,
    headers: [],
    areHeadersReplaced: true,
    models: [],
    limits: { maxConcurrent: '', maxQueued: '', requestsPerMinute: '', tokensPerMinute: '' },
    retry: { maxAttempts: '', patienceMs: '' },
    deadlines: { firstTokenMs: '', idleMs: '', totalMs: '' },
  };
}

export function providerFormOf(provider: ProviderFieldsFragment): ProviderFormValues {
  const { limits, retry, deadlines } = provider;
  return {
    ...emptyProviderForm(provider.type, new Set()),
    slug: provider.slug,
    displayName: provider.displayName,
    baseUrl: provider.baseUrl ?? '',
    areHeadersReplaced: provider.headerNames.length === 0,
    models: provider.configuredModels.map(({ vendorModelId }) => vendorModelId),
    limits: {
      maxConcurrent: field(limits.maxConcurrent),
      maxQueued: field(limits.maxQueued),
      requestsPerMinute: field(limits.requestsPerMinute),
      tokensPerMinute: field(limits.tokensPerMinute),
    },
    retry: { maxAttempts: field(retry.maxAttempts), patienceMs: field(retry.patienceMs) },
    deadlines: {
      firstTokenMs: field(deadlines.firstTokenMs),
      idleMs: field(deadlines.idleMs),
      totalMs: field(deadlines.totalMs),
    },
  };
}

/** What another type changes: id and address follow while they are still the ones that were proposed. */
export function withType(
  values: ProviderFormValues,
  type: ProviderType,
  taken: ReadonlySet<string>,
): ProviderFormValues {
  const next = factsOfType(type);
  const isProposedUrl = values.baseUrl === '' || providerTypes.some(({ baseUrl }) => baseUrl === values.baseUrl);
  const isProposedSlug = values.slug === '' || providerTypes.some(({ slug }) => freeSlug(slug, taken) === values.slug);
  return {
    ...values,
    type,
    baseUrl: isProposedUrl ? (next.baseUrl ?? '') : values.baseUrl,
    slug: isProposedSlug ? freeSlug(next.slug, taken) : values.slug,
  };
}

/** Whether saving throws the stored secrets away, because they belong to another address. */
export function isEndpointChanged(values: ProviderFormValues, provider: ProviderFieldsFragment): boolean {
  const plain = (url: string | null) => (url ?? '').trim().replace(/\/+$/, '');
  const wanted = plain(values.baseUrl) || (factsOfType(values.type).baseUrl ?? '');
  return wanted !== plain(provider.baseUrl);
}

function tuningOf({ limits, retry, deadlines }: ProviderFormValues, known?: ProviderFieldsFragment) {
  return {
    limits: {
      maxConcurrent: given(limits.maxConcurrent),
      maxQueued: given(limits.maxQueued),
      requestsPerMinute: given(limits.requestsPerMinute),
      tokensPerMinute: given(limits.tokensPerMinute),
      queueMs: known?.limits.queueMs ?? null,
    },
    retry: {
      maxAttempts: given(retry.maxAttempts),
      patienceMs: given(retry.patienceMs),
      maxTotalWaitMs: known?.retry.maxTotalWaitMs ?? null,
    },
    deadlines: {
      firstTokenMs: given(deadlines.firstTokenMs),
      idleMs: given(deadlines.idleMs),
      totalMs: given(deadlines.totalMs),
    },
  };
}

function modelsOf(names: readonly string[], known?: ProviderFieldsFragment) {
  return names.map((vendorModelId) => {
    const before = known?.configuredModels.find((model) => model.vendorModelId === vendorModelId);
    if (!before) return { vendorModelId };
    const { displayName, capabilities, contextWindowTokens, maxOutputTokens } = before;
    const { vision, tools, json, reasoning } = capabilities;
    return { vendorModelId, displayName, vision, tools, json, reasoning, contextWindowTokens, maxOutputTokens };
  });
}

export function createInputOf(values: ProviderFormValues, idempotencyKey: string): CreateProviderInput {
  return {
    slug: values.slug.trim(),
    type: values.type,
    displayName: text(values.displayName),
    baseUrl: text(values.baseUrl),
    apiKey: text(values.apiKey),
    headers: values.headers,
    models: modelsOf(values.models),
    ...tuningOf(values),
    idempotencyKey,
  };
}

/** Absent fields stay as they are: a key that was not typed, headers that were not opened. */
export function updateInputOf(values: ProviderFormValues, provider: ProviderFieldsFragment): UpdateProviderInput {
  const apiKey = text(values.apiKey);
  return {
    providerId: provider.id,
    displayName: text(values.displayName),
    baseUrl: text(values.baseUrl),
    ...(apiKey !== null ? { apiKey } : values.isKeyRemoved ? { apiKey: null } : {}),
    ...(values.areHeadersReplaced ? { headers: values.headers } : {}),
    models: modelsOf(values.models, provider),
    ...tuningOf(values, provider),
  };
}

export function connectionInputOf(
  values: ProviderFormValues,
  provider: ProviderFieldsFragment | undefined,
): TestProviderConnectionInput {
  const apiKey = text(values.apiKey);
  return {
    ...(provider ? { providerId: provider.id } : {}),
    type: values.type,
    baseUrl: text(values.baseUrl),
    ...(apiKey === null ? {} : { apiKey }),
    ...(values.areHeadersReplaced ? { headers: values.headers } : {}),
  };
}

interface Issue {
  path: readonly string[];
  message: string;
}

/** The server's issues by field (`limits.maxConcurrent`), and what belongs to no field of the form. */
export function issuesByField(issues: readonly Issue[]): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  const known = new Set([
    'type',
    'slug',
    'displayName',
    'baseUrl',
    'apiKey',
    'headers',
    'models',
    'limits',
    'retry',
    'deadlines',
  ]);
  for (const { path, message } of issues) {
    const [first, ...more] = path[0] === 'input' ? path.slice(1) : path;
    if (first === undefined || !known.has(first)) rest.push(message);
    else fields[first === 'models' ? first : [first, ...more].join('.')] ??= message;
  }
  return { fields, rest };
}

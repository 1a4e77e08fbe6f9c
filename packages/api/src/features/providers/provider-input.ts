import { type ProviderType, providerTypes } from '@switchyard/core/catalog';
import { AddressRefusedError, checkEndpoint, providerProfiles } from '@switchyard/core/providers';
import { z } from 'zod';
import type { Services } from '../../container.ts';
import { ValidationFailure } from '../../user-errors.ts';
import { allowedTypes } from './build-providers.ts';
import { deadlinesColumn, limitsColumn, modelsColumn, providerTypeColumn, retryColumn } from './stored-provider.ts';

/** Headers that belong to the connection or to the vendor's protocol. */
const refusedHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'keep-alive',
  'accept-encoding',
]);

const header = z.object({
  name: z
    .string()
    .trim()
    .toLowerCase()
    .max(100)
    .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'A header name consists of letters, digits and dashes.')
    .refine((name) => !refusedHeaders.has(name) && !name.startsWith('proxy-'), 'This header cannot be set.'),
  value: z
    .string()
    .trim()
    .min(1, 'Give the header a value.')
    .max(4_096)
    .regex(/^[\x20-\x7e]+$/, 'A header value consists of printable ASCII characters.'),
});

export const headersInput = z
  .array(header)
  .max(20, 'At most 20 headers.')
  .refine((headers) => new Set(headers.map(({ name }) => name)).size === headers.length, 'A header is named twice.');

export const apiKeyInput = z
  .string()
  .trim()
  .min(1, 'Give the key, or leave it out.')
  .max(4_096)
  .regex(/^[\x21-\x7e]+$/, 'A key has no spaces and no special characters: was it copied whole?');

export const baseUrlInput = z.string().trim().max(2_000);
export const displayNameInput = z.string().trim().min(1).max(60);

export const slugInput = z
  .string()
  .trim()
  .min(2, 'Give an id of at least two characters, for example openai-eu.')
  .max(40)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'An id consists of lower-case letters, digits and single dashes: openai-eu.')
  .refine((slug) => !slug.startsWith('simulated-'), 'Ids that begin with simulated- belong to the simulator.');

/** What may be set alike when a provider is made and when it is changed. */
export const tuningInput = {
  limits: limitsColumn.nullish(),
  retry: retryColumn.nullish(),
  deadlines: deadlinesColumn.nullish(),
  models: modelsColumn.nullish(),
} as const;

export const typeInput = providerTypeColumn;

/** Throws `ValidationFailure` for a type that environment or file do not allow. */
export function assertTypeAllowed(services: Services, type: ProviderType): void {
  const { configuration } = services.providers.snapshot;
  const allowed = allowedTypes({ settings: services.settings, configuration });
  if (allowed.includes(type)) return;
  const message = `This installation allows no providers of the type ${type}. Allowed are ${allowed.join(', ') || 'none'}.`;
  throw invalid('type', message, 'not_allowed');
}

/** Throws `ValidationFailure` for an id that stands for another type of provider. */
export function assertSlugFits(slug: string, type: ProviderType): void {
  if (slug === type || !providerTypes.some((each) => each === slug)) return;
  throw invalid('slug', `The id ${slug} is kept for providers of the type ${slug}. Take another one.`, 'reserved');
}

/**
 * The address to call, as it is kept: what was typed, or the vendor's own. Throws `ValidationFailure` for what the
 * address policy refuses, which is judged again when a connection is made.
 */
export function readEndpoint(services: Services, type: ProviderType, typed: string | null | undefined): string {
  const text = typed ?? providerProfiles[type].defaultBaseUrl;
  if (text === undefined || text === '') {
    throw invalid(
      'baseUrl',
      'Give the address of the endpoint, for example https://api.groq.com/openai/v1.',
      'required',
    );
  }
  const { allowsPrivateNetworks } = services.settings;
  try {
    const url = checkEndpoint(text, allowsPrivateNetworks ? 'allow-private' : 'public-only');
    if (url.search !== '' || url.hash !== '') {
      throw invalid('baseUrl', 'The endpoint must end with its path: leave out everything from ? or # on.', 'refused');
    }
    return text.replace(/\/+$/, '');
  } catch (error) {
    if (!(error instanceof AddressRefusedError)) throw error;
    const isPrivate = !allowsPrivateNetworks && isAllowedPrivate(text);
    const remedy = isPrivate ? ' The operator allows it with SWITCHYARD_ALLOW_PRIVATE_NETWORKS=true.' : '';
    throw invalid('baseUrl', error.message + remedy, 'refused');
  }
}

/** Whether the only thing against an endpoint is that it is inside the network. */
function isAllowedPrivate(text: string): boolean {
  try {
    checkEndpoint(text, 'allow-private');
    return true;
  } catch {
    return false;
  }
}

export function invalid(field: string, message: string, code: string): ValidationFailure {
  return new ValidationFailure([{ path: ['input', field], message, code }]);
}

import { alertKinds, readWebhookSecret } from '@switchyard/core/guardrails';
import { AddressRefusedError, checkEndpoint } from '@switchyard/core/providers';
import { z } from 'zod';
import type { Services } from '../../container.ts';
import { ValidationFailure } from '../../user-errors.ts';
import { alertChannelTypes } from './alert-target.ts';

export const nameInput = z.string().trim().min(1, 'Give it a name.').max(100, 'At most 100 characters.');
export const typeInput = z.enum(alertChannelTypes);
export const urlInput = z.string().trim().min(1, 'Give the address of the webhook.').max(2_000);
export const kindsInput = z.array(z.enum(alertKinds)).max(50);
export const secretInput = z
  .string()
  .trim()
  .refine((text) => readWebhookSecret(text) !== undefined, 'Give whsec_ and the base64 form of 24 to 64 bytes.');

/** The URL when alerts may be sent there. Throws `ValidationFailure` with the remedy; names are judged again at each try. */
export function readChannelUrl({ settings }: Services, typed: string): string {
  const isPrivateAllowed = settings.allowsPrivateNetworks;
  try {
    const url = checkEndpoint(typed, isPrivateAllowed ? 'allow-private' : 'public-only');
    if (url.hash !== '') throw invalid('url', 'Leave out everything from # on.');
    return url.href;
  } catch (error) {
    if (!(error instanceof AddressRefusedError)) throw error;
    const remedy =
      !isPrivateAllowed && isAllowedPrivate(typed)
        ? ' The operator allows it with SWITCHYARD_ALLOW_PRIVATE_NETWORKS=true.'
        : '';
    throw invalid('url', error.message.replace(/ Private addresses must .*$/, '') + remedy);
  }
}

export function invalid(field: string, message: string): ValidationFailure {
  return new ValidationFailure([{ path: ['input', field], message, code: 'refused' }]);
}

function isAllowedPrivate(typed: string): boolean {
  try {
    checkEndpoint(typed, 'allow-private');
    return true;
  } catch {
    return false;
  }
}

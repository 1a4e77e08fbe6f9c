import { readDefinition, workflowSchema } from '@switchyard/core/workflows';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { ValidationFailure } from '../../user-errors.ts';
import { type Author, toStoredText } from './workflow.repository.ts';

const longestDraft = 2_000_000;

export const workflowNameInput = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'Use lower-case letters, digits and dashes: what stands behind workflow:.');

/** A definition as far as it has come: any map. */
export const draftInput = z.record(z.string(), z.unknown());

export const noteInput = z.string().trim().max(2_000).nullish();

export const versionInput = z.int().min(1);

/** As drafts are stored: in canonical order where it is a definition already. Throws `ValidationFailure` when too long. */
export function toDraftText(draft: object): string {
  const { definition, problems } = readDefinition(draft);
  const isSound = definition !== undefined && problems.length === 0 && workflowSchema.safeParse(draft).success;
  const text = isSound ? toStoredText(definition) : JSON.stringify(draft);
  if (text.length <= longestDraft) return text;
  const message = `A definition has at most ${longestDraft.toLocaleString('en')} characters. Split the workflow.`;
  throw new ValidationFailure([{ path: ['input', 'definition'], code: 'too_big', message }]);
}

export const authorOf = ({ clock }: Pick<Services, 'clock'>, { userId, apiKeyId }: Identity): Author => ({
  userId,
  apiKeyId,
  at: new Date(clock.nowMs()),
});

import { z } from 'zod';
import { type Identity, mayDo } from '../../auth/identity.ts';
import { ForbiddenFailure } from '../../user-errors.ts';

export const datasetNameInput = z.string().trim().min(1, 'Give it a name.').max(200);
export const descriptionInput = z
  .string()
  .trim()
  .max(5_000)
  .nullish()
  .transform((text) => text || undefined);
export const noteInput = z
  .string()
  .trim()
  .max(1_000)
  .nullish()
  .transform((text) => text || undefined);

const column = z.string().min(1).max(200);
const optionalColumn = column.nullish().transform((name) => name ?? undefined);

/** Either a new dataset's name or the dataset that gets another version. */
export const targetFields = {
  datasetId: z.string().nullish(),
  name: datasetNameInput.nullish(),
  description: descriptionInput,
  note: noteInput,
};

export const mappingInput = z
  .strictObject({
    input: column,
    expected: optionalColumn,
    cluster: optionalColumn,
    key: optionalColumn,
    split: optionalColumn,
  })
  .refine((mapping) => new Set(chosen(mapping)).size === chosen(mapping).length, {
    message: 'One column cannot be two things.',
  });

const chosen = (mapping: Readonly<Record<string, string | undefined>>) =>
  Object.values(mapping).filter((each) => each !== undefined);

/** Whoever may run models may make data to run them on. */
export function assertMayMakeData(identity: Identity): void {
  if (mayDo(identity, 'RUN', 'TESTS')) return;
  throw new ForbiddenFailure(
    identity.apiKeyId === undefined
      ? 'Your access role may look only. Ask an owner or admin of your team for a higher one.'
      : 'This API key lacks the scope RUN: an owner or admin can make a key that has it, on the page Team.',
  );
}

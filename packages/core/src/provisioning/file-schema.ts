import { z } from 'zod';
import { expected, fields } from './schema/fields.ts';
import { configurationSections } from './sections.ts';

const sectionShape: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  configurationSections.map(({ key, schema }) => [key, schema.optional()]),
);

/** The shape of the whole file. */
export const fileSchema: z.ZodType<Readonly<Record<string, unknown>>> = fields({
  version: z.literal(1, expected('1')).optional().describe('Version of this format.'),
  ...sectionShape,
}).describe('Configuration of Switchyard.');

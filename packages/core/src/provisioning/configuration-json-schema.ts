import { z } from 'zod';
import { fileSchema } from './file-schema.ts';

/**
 * JSON Schema (draft 2020-12) of the file, for editors. It describes the shape; `readConfiguration` checks more: names,
 * addresses, references, contradictions.
 */
export function configurationJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-2020-12' });
  const { $schema, ...rest } = schema as Record<string, unknown>;
  return { $schema, title: 'switchyard.yaml', ...rest };
}

import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

/** The SDL as it is committed in `schema.graphql`: sorted, so that it diffs cleanly. */
export function printCommittedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** Writes `schema.graphql` from the code: `node scripts/write-schema.ts`. With `--check` it only tells whether it drifted. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printCommittedSchema } from '../packages/api/src/graphql/print-schema.ts';

const path = join(import.meta.dirname, '../schema.graphql');
const printed = printCommittedSchema();
if (process.argv.includes('--check')) {
  if ((await readFile(path, 'utf8')) !== printed) {
    console.error('schema.graphql differs from the code. Run: node scripts/write-schema.ts');
    process.exit(1);
  }
} else {
  await writeFile(path, printed);
}

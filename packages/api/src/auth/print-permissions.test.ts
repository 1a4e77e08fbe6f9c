import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { printPermissions } from './print-permissions.ts';

test('docs/permissions.md is what the table says; renew it with scripts/write-permissions.ts', async () => {
  const written = await readFile(join(import.meta.dirname, '../../../../docs/permissions.md'), 'utf8');
  expect(written).toBe(printPermissions());
});

/** Writes `docs/permissions.md` from the permission table: `node scripts/write-permissions.ts`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printPermissions } from '../packages/api/src/auth/print-permissions.ts';

await writeFile(join(import.meta.dirname, '../docs/permissions.md'), printPermissions());

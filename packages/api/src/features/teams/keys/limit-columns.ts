import { Prisma } from '../../../generated/prisma/client.ts';
import type { toLimitColumns } from './key-input.ts';

/** The columns as Prisma writes them: a list that is taken away is SQL's NULL, not JSON's. */
export function toDatabase({ allowedModels, allowedRoles, ...columns }: ReturnType<typeof toLimitColumns>) {
  return {
    ...columns,
    ...(allowedModels !== undefined && { allowedModels: allowedModels ?? Prisma.DbNull }),
    ...(allowedRoles !== undefined && { allowedRoles: allowedRoles ?? Prisma.DbNull }),
  };
}

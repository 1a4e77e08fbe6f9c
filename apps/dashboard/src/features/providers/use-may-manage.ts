'use client';

import { type Area, useMayDo } from '../../shell/use-may-do.ts';

/** Whether the person may decide for everybody in this area. The server decides in the end. */
export function useMayManage(area: Area = 'MODELS'): boolean {
  return useMayDo('MANAGE', area).isAllowed;
}

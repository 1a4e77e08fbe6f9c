'use client';

import { useMayDo } from '../../shell/use-may-do.ts';

/** Whether the person may check providers and write notes. The server decides in the end. */
export function useMayRun(): boolean {
  return useMayDo('RUN', 'HEALTH').isAllowed;
}

'use client';

import { useWorkspace } from '../../shell/workspace-context.tsx';

/** Whether the person may check providers and write notes. The server decides in the end. */
export function useMayRun(): boolean {
  const role = useWorkspace()?.viewer.accessRole;
  return role !== undefined && role !== 'VIEWER';
}

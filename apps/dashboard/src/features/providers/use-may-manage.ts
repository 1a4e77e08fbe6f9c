'use client';

import { useWorkspace } from '../../shell/workspace-context.tsx';

/** Whether the person may change providers, test them and break simulated ones. The server decides in the end. */
export function useMayManage(): boolean {
  const role = useWorkspace()?.viewer.accessRole;
  return role === 'OWNER' || role === 'ADMIN';
}

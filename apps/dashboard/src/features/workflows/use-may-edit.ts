'use client';

import { useWorkspace } from '../../shell/workspace-context.tsx';

/** Whether the person may work on drafts: everybody but viewers. The server decides in the end. */
export function useMayEdit(): boolean {
  const role = useWorkspace()?.viewer.accessRole;
  return role !== undefined && role !== 'VIEWER';
}

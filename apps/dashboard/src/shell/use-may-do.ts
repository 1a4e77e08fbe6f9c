'use client';

import type { ShellQuery } from '../gql/shell.ts';
import { useWorkspace } from './workspace-context.tsx';

type Permission = ShellQuery['viewer']['permissions'][number];
export type Level = Permission['level'];
export type Area = Permission['area'];

export interface Permit {
  readonly isAllowed: boolean;
  /** Why not, in a sentence for people; undefined when it is allowed. */
  readonly reason: string | undefined;
}

const allowed: Permit = { isAllowed: true, reason: undefined };

/**
 * Whether the person may do this in the team, and if not why and who can help, in the server's words. The server decides in
 * the end; while nothing is known yet nothing is allowed.
 */
export function useMayDo(level: Level, area: Area): Permit {
  const viewer = useWorkspace()?.viewer;
  const found = viewer?.permissions.find((permission) => permission.level === level && permission.area === area);
  if (found?.isAllowed) return allowed;
  return { isAllowed: false, reason: found?.reason ?? 'It is not known yet what you may do here.' };
}

/** What only the owner may do. */
export function useIsOwner(): Permit {
  const role = useWorkspace()?.viewer.accessRole;
  if (role === 'OWNER') return allowed;
  return { isAllowed: false, reason: 'Only an owner of the team may do this.' };
}

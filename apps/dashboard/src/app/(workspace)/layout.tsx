import type { ReactNode } from 'react';
import { Workspace } from '../../shell/workspace.tsx';

export default function WorkspaceLayout({ children }: { children: ReactNode }) {
  return <Workspace>{children}</Workspace>;
}

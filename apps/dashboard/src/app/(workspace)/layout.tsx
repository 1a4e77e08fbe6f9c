import type { ReactNode } from 'react';
import { BrokenBanner } from '../../features/providers/broken-banner.tsx';
import { Workspace } from '../../shell/workspace.tsx';

export default function WorkspaceLayout({ children }: { children: ReactNode }) {
  return <Workspace notices={<BrokenBanner />}>{children}</Workspace>;
}

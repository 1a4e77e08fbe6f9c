import type { ReactNode } from 'react';
import { NotificationBell } from '../../features/alerts/notification-bell.tsx';
import { BrokenBanner } from '../../features/providers/broken-banner.tsx';
import { Workspace } from '../../shell/workspace.tsx';

export default function WorkspaceLayout({ children }: { children: ReactNode }) {
  return (
    <Workspace notices={<BrokenBanner />} tools={<NotificationBell />}>
      {children}
    </Workspace>
  );
}

import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AcceptInvitationPage } from '../../../features/teams/accept-invitation-page.tsx';

export const metadata: Metadata = { title: 'Invitation' };

export default function Page() {
  return (
    <Suspense fallback={null}>
      <AcceptInvitationPage />
    </Suspense>
  );
}

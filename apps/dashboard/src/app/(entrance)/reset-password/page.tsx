import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ResetPasswordPage } from '../../../features/teams/reset-password-page.tsx';

export const metadata: Metadata = { title: 'Choose a new password' };

export default function Page() {
  return (
    <Suspense fallback={null}>
      <ResetPasswordPage />
    </Suspense>
  );
}

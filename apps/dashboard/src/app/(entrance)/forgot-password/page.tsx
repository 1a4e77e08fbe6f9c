import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ForgotPasswordPage } from '../../../features/teams/forgot-password-page.tsx';

export const metadata: Metadata = { title: 'Forgot the password?' };

export default function Page() {
  return (
    <Suspense fallback={null}>
      <ForgotPasswordPage />
    </Suspense>
  );
}

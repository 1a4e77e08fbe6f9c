'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** The front door: the workspace decides whether sign-in or setup comes first. */
export default function HomePage() {
  const router = useRouter();
  useEffect(() => router.replace('/compare'), [router]);
  return null;
}

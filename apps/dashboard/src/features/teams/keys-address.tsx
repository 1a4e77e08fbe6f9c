'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** The old address of the API keys leads to where they are now, with what stood behind it. */
export function KeysAddress() {
  const router = useRouter();
  useEffect(() => {
    const address = new URLSearchParams(location.search);
    address.set('tab', 'keys');
    router.replace(`/team?${address}`);
  }, [router]);
  return null;
}

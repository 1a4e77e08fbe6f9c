'use client';

import { useEffect, useState } from 'react';
import { type SignInWays, signInWays } from '../../graphql/auth.ts';

/** How people may sign in here; undefined until known, and when the server is too old to say. */
export function useSignInWays(): SignInWays | undefined {
  const [ways, setWays] = useState<SignInWays>();
  useEffect(() => {
    let isGone = false;
    signInWays().then((outcome) => {
      if (!isGone && outcome.ok) setWays(outcome.data);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return ways;
}

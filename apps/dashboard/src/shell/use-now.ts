'use client';

import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** The clock while `isActive`, every `everyMs` (every second with reduced motion); else the last reading. */
export function useNow(isActive: boolean, everyMs = 100): number {
  const [now, setNow] = useState(Date.now);
  const isCalm = useReducedMotion();
  useEffect(() => {
    if (!isActive) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), isCalm ? 1000 : everyMs);
    return () => clearInterval(timer);
  }, [isActive, isCalm, everyMs]);
  return now;
}

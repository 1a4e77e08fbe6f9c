'use client';

import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** The clock while `isActive`, ten times a second (once with reduced motion); else the last reading. */
export function useNow(isActive: boolean): number {
  const [now, setNow] = useState(Date.now);
  const isCalm = useReducedMotion();
  useEffect(() => {
    if (!isActive) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), isCalm ? 1000 : 100);
    return () => clearInterval(timer);
  }, [isActive, isCalm]);
  return now;
}

'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** State of a table that lives in the address: readable by name, changed by replacing some names (null removes). */
export function useAddressState(): [URLSearchParams, (change: Record<string, string | null>) => void] {
  const parameters = useSearchParams();
  const change = useCallback((values: Record<string, string | null>) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    window.history.replaceState(null, '', `${location.pathname}${text ? `?${text}` : ''}`);
  }, []);
  return [parameters, change];
}

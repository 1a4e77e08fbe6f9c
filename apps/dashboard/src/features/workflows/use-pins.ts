'use client';

import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';
import type { Json } from './definition.ts';

export interface Pins {
  readonly outputs: Readonly<Record<string, Json>>;
  pin(stepId: string, output: Json): void;
  unpin(stepId: string): void;
}

/** Outputs that are kept by hand, in this browser: later steps are tried with them. */
export function usePins(workflowId: string): Pins {
  const [outputs, setOutputs] = useLocalStorage<Record<string, Json>>({
    key: `switchyard.pins.${workflowId}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  return useMemo(
    () => ({
      outputs,
      pin: (stepId, output) => setOutputs((before) => ({ ...before, [stepId]: output })),
      unpin: (stepId) => setOutputs(({ [stepId]: _gone, ...rest }) => rest),
    }),
    [outputs, setOutputs],
  );
}

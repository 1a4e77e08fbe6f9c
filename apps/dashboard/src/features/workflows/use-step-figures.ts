'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { StepFiguresDocument, StepModelFiguresDocument } from '../../gql/workflows.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';

export interface Figures {
  readonly calls: number;
  readonly costUsd: number;
  readonly p95Ms: number | undefined;
}

const lookBackMs = 30 * 24 * 3_600_000;

/** The last 30 days, the same while a page is open. Simulated figures stand in while nothing is live. */
function useRange() {
  const origin = useWorkspace()?.installation.isSimulatorRunning ? 'SIMULATED' : 'LIVE';
  const range = useMemo(() => {
    const now = Math.ceil(Date.now() / 60_000) * 60_000;
    return { from: new Date(now - lookBackMs).toISOString(), to: new Date(now).toISOString() };
  }, []);
  return { ...range, origin } as const;
}

interface Group {
  readonly values: readonly { readonly value: string }[];
  readonly figures: {
    readonly calls: number;
    readonly costUsd: string;
    readonly latency: { readonly p95Ms: number } | null;
  };
}

const byLastValue = (groups: readonly Group[]): ReadonlyMap<string, Figures> =>
  new Map(
    groups.map(({ values, figures }) => [
      values.at(-1)?.value ?? '',
      { calls: figures.calls, costUsd: Number(figures.costUsd), p95Ms: figures.latency?.p95Ms },
    ]),
  );

/** What the calls of each step came to in the last 30 days. Undefined until it is known. */
export function useStepFigures(workflow: string, isWanted: boolean): ReadonlyMap<string, Figures> | undefined {
  const range = useRange();
  const [{ data }] = useQuery({
    query: StepFiguresDocument,
    variables: { workflow, ...range },
    pause: !isWanted,
    requestPolicy: 'cache-and-network',
  });
  return useMemo(() => data && byLastValue(data.metrics.groups), [data]);
}

/** What the calls of each model came to in one step. Undefined until it is known. */
export function useStepModelFigures(workflow: string, step: string): ReadonlyMap<string, Figures> | undefined {
  const range = useRange();
  const [{ data }] = useQuery({ query: StepModelFiguresDocument, variables: { workflow, step, ...range } });
  return useMemo(() => data && byLastValue(data.metrics.groups), [data]);
}

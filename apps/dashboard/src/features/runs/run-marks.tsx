'use client';

import { createContext, type ReactNode, use, useMemo } from 'react';
import { distinctMarks, markOf } from '../catalog/model-identity.ts';
import type { RunDetails } from './run-record.ts';

const MarksContext = createContext<(modelId: string) => number>(markOf);

/** Gives every model of a run a colour and shape of its own, in the order in which they were asked. */
export function RunMarks({ run, children }: { run: RunDetails; children: ReactNode }) {
  const asked = useMemo(() => {
    const attempts = run.steps.flatMap(({ attempts: own }) => own);
    const ordered = [...attempts].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
    return [...new Set(ordered.map(({ modelId }) => modelId))].join(' ');
  }, [run.steps]);
  const markFor = useMemo(() => {
    const modelIds = asked === '' ? [] : asked.split(' ');
    const marks = distinctMarks(modelIds);
    const byId = new Map(modelIds.map((modelId, index) => [modelId, marks[index] ?? markOf(modelId)]));
    return (modelId: string) => byId.get(modelId) ?? markOf(modelId);
  }, [asked]);
  return <MarksContext value={markFor}>{children}</MarksContext>;
}

/** The sign of a model within the run that is shown. */
export const useMarkOf = (): ((modelId: string) => number) => use(MarksContext);

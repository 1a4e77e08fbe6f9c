'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ScorerProblemsDocument } from '../../gql/quality.ts';

export interface ScorerProblems {
  /** By place, for example `check.pattern`. */
  readonly byPlace: ReadonlyMap<string, string>;
  readonly isRight: boolean;
}

const none: ScorerProblems = { byPlace: new Map(), isRight: false };

/** What is wrong with a scorer as it is written, a moment after the last key. */
export function useScorerProblems(content: object): ScorerProblems {
  const text = JSON.stringify(content);
  const [settled] = useDebouncedValue(text, 300);
  const variables = useMemo(() => ({ content: JSON.parse(settled) as unknown }), [settled]);
  const [{ data, stale }] = useQuery({ query: ScorerProblemsDocument, variables });
  const problems = data?.scorerProblems;
  return useMemo(() => {
    if (!problems) return none;
    const byPlace = new Map<string, string>();
    for (const { path, message } of problems) if (!byPlace.has(path.join('.'))) byPlace.set(path.join('.'), message);
    return { byPlace, isRight: !stale && settled === text && !problems.some(({ isError }) => isError) };
  }, [problems, stale, settled, text]);
}

'use client';

import { createContext, use } from 'react';
import { type Json, type JsonMap, type Path, readAt } from './definition.ts';

export interface DraftProblem {
  readonly isError: boolean;
  readonly path: readonly string[];
  readonly message: string;
}

/** The draft of a test while it is edited. */
export interface Draft {
  readonly definition: JsonMap;
  readonly problems: readonly DraftProblem[];
  readonly isReadOnly: boolean;
  /** Undefined takes the value away. */
  set(path: Path, value: Json | undefined): void;
  /** Several values as one change. */
  setAll(changes: readonly (readonly [Path, Json | undefined])[]): void;
}

export const DraftContext = createContext<Draft | undefined>(undefined);

export function useDraft(): Draft {
  const draft = use(DraftContext);
  if (!draft) throw new Error('Fields of a test stand inside a DraftContext.');
  return draft;
}

export const placeOf = (path: Path): string => path.join('.');

/** One value of the draft with what is wrong with it. */
export function useDraftField(path: Path) {
  const { definition, problems, isReadOnly, set } = useDraft();
  const place = placeOf(path);
  const own = problems.filter((problem) => placeOf(problem.path) === place);
  const first = own.find(({ isError }) => isError) ?? own[0];
  return {
    value: readAt(definition, path),
    message: first?.message,
    isError: first?.isError ?? false,
    isReadOnly,
    mark: { 'data-field': place },
    set: (value: Json | undefined) => set(path, value),
  };
}

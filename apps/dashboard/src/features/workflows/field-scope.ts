'use client';

import { createContext, use } from 'react';
import type { Json, JsonMap } from './definition.ts';
import { problemsAt } from './problem-place.ts';
import { readAt } from './value-path.ts';
import type { WorkflowProblem } from './workflow-problem-list.tsx';

/** The map that a group of fields edits, and where it stands in the definition. */
export interface FieldScope {
  readonly map: JsonMap;
  /** `steps[2].` or nothing, in front of every path, as problems write it. */
  readonly prefix: string;
  readonly isReadOnly: boolean;
  readonly problems: readonly WorkflowProblem[];
  /** Undefined takes the value away. Typing on in one place is undone at once. */
  write(path: string, value: Json | undefined): void;
  /** Several values as one edit. */
  writeAll(values: readonly (readonly [path: string, value: Json | undefined])[]): void;
}

export const FieldScopeContext = createContext<FieldScope | undefined>(undefined);

export function useFieldScope(): FieldScope {
  const scope = use(FieldScopeContext);
  if (!scope) throw new Error('Fields stand inside a FieldScopeContext.');
  return scope;
}

export interface Field {
  readonly value: Json | undefined;
  readonly isReadOnly: boolean;
  /** The first error, else the first warning, as a sentence with the remedy. */
  readonly message: string | undefined;
  readonly isError: boolean;
  readonly problems: readonly WorkflowProblem[];
  /** Marks the element that a problem leads to. */
  readonly mark: { readonly 'data-field': string };
  set(value: Json | undefined): void;
}

/** One value of the scope, by its path. */
export function useField(path: string): Field {
  const { map, prefix, isReadOnly, problems, write } = useFieldScope();
  const own = problemsAt(problems, prefix + path);
  const first = own.find(({ isError }) => isError) ?? own[0];
  return {
    value: readAt(map, path),
    isReadOnly,
    message: first && `${first.message} ${first.suggestion}`,
    isError: first?.isError ?? false,
    problems: own,
    mark: { 'data-field': prefix + path },
    set: (value) => write(path, value),
  };
}

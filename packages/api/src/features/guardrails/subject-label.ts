import type { Budget } from '@switchyard/core/guardrails';
import { nameOfValue, type TeamValues } from './team-values.ts';

/** A window's subject for people: the values of the budget's run and `each` conditions, in their order. */
export function describeSubject(
  { window, scope }: Pick<Budget, 'window' | 'scope'>,
  subject: string,
  values: TeamValues,
): string {
  const kinds = scope.filter((condition) => 'each' in condition).map(({ kind }) => kind);
  const parts = subject.split(',').map((part) => decodeURIComponent(part));
  const run = window === 'run' ? [`run ${parts.shift() ?? ''}`] : [];
  const names = parts.map((value, index) => {
    const kind = kinds[index];
    return (kind && nameOfValue(kind, value, values)) ?? (kind === 'member' ? 'a former member' : value);
  });
  return [...run, ...names].join(', ');
}

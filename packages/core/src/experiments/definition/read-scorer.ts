import { type ExperimentScorer, experimentFields, findScorerIssues } from './experiment-definition.ts';
import type { ExperimentProblem } from './read-definition.ts';

/** What a scorer does, without a place in a test: `{ check }` or `{ judge }`. */
export type ScorerContent =
  | Pick<Extract<ExperimentScorer, { check: unknown }>, 'check'>
  | Pick<Extract<ExperimentScorer, { judge: unknown }>, 'judge'>;

export interface ReadScorer {
  /** Undefined when a problem is an error. Defaults are filled in. */
  readonly content: ScorerContent | undefined;
  readonly problems: readonly ExperimentProblem[];
}

/** Reads what somebody wrote as a scorer, `{ check: … }` or `{ judge: … }`; paths begin at it. */
export function readScorer(raw: unknown): ReadScorer {
  const issues = findScorerIssues(raw);
  if (issues.length > 0) {
    const problems = issues.map(
      ({ path, message }): ExperimentProblem => ({
        severity: 'error',
        path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
        message,
      }),
    );
    return { content: undefined, problems };
  }
  const scorer = experimentFields.scorers.parse({ s: raw }).s!;
  return { content: 'check' in scorer ? { check: scorer.check } : { judge: scorer.judge }, problems: [] };
}

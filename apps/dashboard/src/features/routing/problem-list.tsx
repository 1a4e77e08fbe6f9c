import { IconAlertTriangleFilled, IconXboxXFilled } from '@tabler/icons-react';
import classes from './rule-card.module.css';
import type { RuleProblem } from './use-rule-problems.ts';

/** Where in the condition a problem begins, as people count. */
const placeOf = ({ field, start }: RuleProblem) =>
  field === 'when' && start !== null ? `Character ${start + 1}: ` : '';

/** What is wrong with a rule, each with its place and what to write instead. */
export function ProblemList({ problems, id }: { problems: readonly RuleProblem[]; id?: string }) {
  if (problems.length === 0) return null;
  return (
    <ul className={classes.problems} id={id}>
      {problems.map((problem) => {
        const Icon = problem.isError ? IconXboxXFilled : IconAlertTriangleFilled;
        return (
          <li key={`${problem.code}${problem.field}${problem.start}`} data-tone={problem.isError ? 'bad' : 'warn'}>
            <Icon size={14} aria-label={problem.isError ? 'Error' : 'Warning'} />
            <span>
              {placeOf(problem)}
              {problem.message} <span className={classes.suggestion}>{problem.suggestion}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

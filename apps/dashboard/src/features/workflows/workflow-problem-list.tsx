import { IconAlertTriangleFilled, IconXboxXFilled } from '@tabler/icons-react';
import type { WorkflowProblemFieldsFragment } from '../../gql/workflows.ts';
import classes from './workflow-problem-list.module.css';

export type WorkflowProblem = Omit<WorkflowProblemFieldsFragment, '__typename'>;

interface Props {
  problems: readonly WorkflowProblem[];
  /** The name of the step or field concerned, for people. */
  placeOf?(problem: WorkflowProblem): string;
  /** Makes every problem a button that leads to its place. */
  onOpen?(problem: WorkflowProblem): void;
}

const textPlace = ({ filePosition, position, path }: WorkflowProblem) =>
  filePosition
    ? `Line ${filePosition.line}, column ${filePosition.column}`
    : `${path}${position ? `, line ${position.line}, column ${position.column}` : ''}`;

/** Problems of a definition, errors first, each with its place and what to do. */
export function WorkflowProblemList({ problems, placeOf = textPlace, onOpen }: Props) {
  const sorted = [...problems].sort((a, b) => Number(b.isError) - Number(a.isError));
  return (
    <ul className={classes.problems}>
      {sorted.map((problem, index) => {
        const Icon = problem.isError ? IconXboxXFilled : IconAlertTriangleFilled;
        const words = (
          <>
            <Icon size={15} aria-label={problem.isError ? 'Error' : 'Warning'} />
            <span>
              {placeOf(problem) ? <span className={classes.place}>{placeOf(problem)}</span> : null}
              {problem.message} <span className={classes.suggestion}>{problem.suggestion}</span>
            </span>
          </>
        );
        return (
          <li key={index} data-tone={problem.isError ? 'bad' : 'warn'}>
            {onOpen ? (
              <button type="button" className={classes.problem} onClick={() => onOpen(problem)}>
                {words}
              </button>
            ) : (
              <div className={classes.problem}>{words}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

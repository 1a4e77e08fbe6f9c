import { IconAlertTriangleFilled, IconXboxXFilled } from '@tabler/icons-react';
import classes from './problem-count.module.css';
import { plural } from './step-words.ts';

/** How much is wrong with a step: errors, or else warnings. */
export function ProblemCount({ problems }: { problems: readonly { isError: boolean }[] }) {
  if (problems.length === 0) return null;
  const errors = problems.filter(({ isError }) => isError).length;
  const Icon = errors > 0 ? IconXboxXFilled : IconAlertTriangleFilled;
  const words = errors > 0 ? plural(errors, 'error') : plural(problems.length, 'warning');
  return (
    <span className={classes.count} data-tone={errors > 0 ? 'bad' : 'warn'} title={words}>
      <Icon size={13} aria-hidden="true" />
      {errors || problems.length}
      <span className="visually-hidden">{words.replace(/^\S+/, '')}</span>
    </span>
  );
}

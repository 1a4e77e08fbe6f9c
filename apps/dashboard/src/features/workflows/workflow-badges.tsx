import type { WorkflowState } from './listed-workflow.ts';
import classes from './workflow-badges.module.css';

interface Props {
  state: WorkflowState;
  version: number | null;
}

/** Draft, published or of the file; a draft on top of a version shows both. */
export function WorkflowBadges({ state, version }: Props) {
  if (state === 'file') return <span className={classes.badge}>file, read-only</span>;
  return (
    <>
      {version === null ? null : (
        <span className={classes.badge} data-tone="good">
          version {version}
        </span>
      )}
      {state === 'published' ? null : (
        <span className={classes.badge} data-tone="accent">
          {state === 'draft' ? 'draft' : 'draft changes'}
        </span>
      )}
    </>
  );
}

import { formatAge } from '../../format/date-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { RunStateBadge } from '../runs/run-badges.tsx';
import classes from './last-run-link.module.css';
import type { LastRun } from './use-last-runs.ts';

/** How the latest run of a workflow went, and the way to it. */
export function LastRunLink({ run, now }: { run: LastRun; now: number }) {
  return (
    <AppLink href={`/runs?id=${encodeURIComponent(run.id)}`} className={classes.link}>
      <span className="visually-hidden">Last run: </span>
      <RunStateBadge state={run.state} />
      <span>{formatAge(run.createdAt, now)}</span>
    </AppLink>
  );
}

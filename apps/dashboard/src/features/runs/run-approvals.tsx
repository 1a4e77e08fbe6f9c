import { RunApprovalCard } from './run-approval-card.tsx';
import classes from './run-approvals.module.css';
import type { RunDetails } from './run-record.ts';
import { nameOfStep } from './shown-run.ts';

/** Everything that waits for a person, above the rest: whoever opens the run can decide at once. */
export function RunApprovals({ run, onDecided }: { run: RunDetails; onDecided(): void }) {
  const open = run.steps.flatMap((step) =>
    step.approvals.flatMap((approval) => (approval.decision === null ? [{ step, approval }] : [])),
  );
  if (open.length === 0 || run.state !== 'WAITING') return null;
  return (
    <div className={classes.list}>
      {open.map(({ step, approval }) => (
        <RunApprovalCard
          key={approval.approvalId}
          runId={run.id}
          approval={approval}
          stepName={nameOfStep(step)}
          onDecided={onDecided}
        />
      ))}
    </div>
  );
}

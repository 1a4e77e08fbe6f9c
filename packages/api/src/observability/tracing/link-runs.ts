import type { RunRecord } from '../../features/runs/run-record.ts';
import type { RunService } from '../../features/runs/run-service.ts';
import type { Tracing } from './tracing.ts';

/** `runs` whose requests point at the trace of the run that they start, steer or decide. */
export function linkRuns(runs: RunService, tracing: Pick<Tracing, 'linkRun'>): RunService {
  const linked =
    <Arguments extends readonly unknown[]>(change: (...given: Arguments) => Promise<RunRecord>) =>
    async (...given: Arguments) => {
      const run = await change(...given);
      tracing.linkRun(run.id);
      return run;
    };
  return {
    ...runs,
    start: linked(runs.start),
    preview: linked(runs.preview),
    rerun: linked(runs.rerun),
    retry: linked(runs.retry),
    cancel: linked(runs.cancel),
    decideApproval: linked(runs.decideApproval),
  };
}

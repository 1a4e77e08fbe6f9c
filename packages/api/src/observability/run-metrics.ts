import type { RunEvent, RunState } from '@switchyard/core/workflows';
import { metrics } from './metrics/metric-catalogue.ts';
import type { MetricFamily } from './metrics/metric-family.ts';
import { SeriesStore } from './metrics/series-store.ts';
import type { ObservedRun } from './run-observer.ts';

/** How runs and their steps ended, by workflow. */
export class RunMetrics {
  readonly #runs = new SeriesStore(metrics.runs);
  readonly #seconds = new SeriesStore(metrics.runSeconds);
  readonly #steps = new SeriesStore(metrics.steps);
  readonly #approvals = new SeriesStore(metrics.approvals);

  families(teamId?: string): readonly MetricFamily[] {
    return [this.#runs, this.#seconds, this.#steps, this.#approvals].map((store) => store.read(teamId));
  }

  onEvents({ teamId, workflowName }: ObservedRun, events: readonly RunEvent[], state: RunState): void {
    for (const event of events) {
      if (event.type === 'run-finished') {
        this.#runs.add(teamId, [workflowName, event.outcome]);
        this.#seconds.observe(teamId, [workflowName], Math.max(0, event.atMs - state.startedAtMs) / 1_000);
      } else if (event.type === 'step-completed') {
        this.#steps.add(teamId, [workflowName, 'completed']);
      } else if (event.type === 'step-failed') {
        this.#steps.add(teamId, [workflowName, 'failed']);
      } else if (event.type === 'step-skipped') {
        this.#steps.add(teamId, [workflowName, 'skipped']);
      } else if (event.type === 'approval-requested') {
        this.#approvals.add(teamId, [workflowName, event.kind]);
      }
    }
  }
}

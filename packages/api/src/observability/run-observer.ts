import type { RunEvent, RunState } from '@switchyard/core/workflows';
import type { RequestScope } from './request-scope.ts';

/** Which run something is told of. */
export interface ObservedRun {
  readonly runId: string;
  readonly teamId: string;
  readonly workflowName: string;
}

/** Told of runs by the process that executes them. Never blocks and never throws. */
export interface RunObserver {
  /** What is done for the run, or for a step of it, belongs to this scope. */
  scopeOf(
    run: Pick<ObservedRun, 'runId' | 'teamId'>,
    step?: { readonly stepId: string; readonly generation: number },
  ): RequestScope;
  /** `events` were written by this process, each is told once; `state` holds them, and may hold later ones. */
  onEvents(run: ObservedRun, events: readonly RunEvent[], state: RunState): void;
}

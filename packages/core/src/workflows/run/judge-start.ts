import type { WorkflowStep } from '../definition/workflow-definition.ts';
import type { Dependency, WorkflowGraph } from '../definition/workflow-graph.ts';
import { type RunState, stepOf } from './run-state.ts';

export type StartVerdict =
  | { readonly type: 'wait' | 'start' }
  | {
      readonly type: 'skip';
      /** For people. */
      readonly reason: string;
    };

/**
 * Whether a step may begin: only when everything it waits for has ended. It is skipped when a step it needs was skipped
 * or a branch went elsewhere: one such step is enough with `join: all`, with `join: any` it takes all of them.
 */
export function judgeStart(step: WorkflowStep, state: RunState, graph: WorkflowGraph): StartVerdict {
  const ways = graph.dependencies.get(step.id) ?? [];
  const verdicts = ways.map((way) => judgeWay(step.id, way, state, graph));
  if (verdicts.includes('open')) return { type: 'wait' };
  const dead = ways.filter((_, index) => verdicts[index] === 'dead');
  const isSkipped = step.join === 'any' ? ways.length > 0 && dead.length === ways.length : dead.length > 0;
  if (!isSkipped) return { type: 'start' };
  const names = dead.slice(0, 3).map(({ on, isBranchTarget }) => (isBranchTarget ? `branch ${on} went elsewhere` : on));
  return { type: 'skip', reason: `Not taken: ${names.join(', ')}${dead.length > 3 ? ', …' : ''}.` };
}

function judgeWay(
  stepId: string,
  { on, isBranchTarget }: Dependency,
  state: RunState,
  graph: WorkflowGraph,
): 'open' | 'live' | 'dead' {
  const before = stepOf(state, on);
  const step = graph.steps.get(on);
  switch (before.status) {
    case 'pending':
    case 'running':
      return 'open';
    case 'skipped':
      return 'dead';
    case 'failed':
      return step?.onFailure === 'continue' ? 'live' : 'dead';
    case 'completed':
      if (isBranchTarget && !before.chosen?.includes(stepId)) return 'dead';
      return step?.type === 'approval' && isRejected(before.output) && step.onReject !== 'continue' ? 'dead' : 'live';
  }
}

const isRejected = (output: unknown): boolean =>
  typeof output === 'object' && output !== null && (output as { approved?: unknown }).approved === false;

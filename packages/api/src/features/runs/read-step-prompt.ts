import {
  callSpecOf,
  narrowState,
  newRun,
  type OpenCall,
  type RunState,
  replayRun,
  type WorkflowDefinition,
} from '@switchyard/core/workflows';
import { readRunFold } from './read-run-fold.ts';
import type { KeyedDefinition } from './run-definitions.ts';
import { toRunEvent } from './run-journal.ts';
import type { RunParts } from './run-parts.ts';
import type { RunRecord } from './run-record.ts';

/** A prompt as a model was asked it, with everything filled in. */
export interface StepPrompt {
  readonly system: string | undefined;
  readonly text: string;
}

/** Runs with more events are read from their fold; only merges of answers see less in it. */
const mostJournalEvents = 5_000;

/**
 * The prompt of a step that has begun, rendered once more from what the run gave it: the same inputs give the same
 * prompt, so that none has to be kept. `itemIndex`: of a map, the entry, from 0. Undefined for steps that ask nobody, that
 * have not begun, and where the template fails now as it did then.
 */
export async function readStepPrompt(
  parts: Pick<RunParts, 'prisma' | 'journal' | 'pool' | 'definitions' | 'log'>,
  run: Pick<RunRecord, 'id' | 'state' | 'lastSeq'>,
  { key, definition }: KeyedDefinition,
  stepId: string,
  itemIndex: number | undefined,
): Promise<StepPrompt | undefined> {
  const step = definition.steps.find(({ id }) => id === stepId);
  const spec = step && callSpecOf(step);
  if (!spec || (step.type === 'map') !== (itemIndex !== undefined)) return undefined;
  const state = await readState(parts, run, definition, stepId);
  const current = state.steps[stepId];
  if (current?.startedAtMs === undefined) return undefined;
  if (itemIndex !== undefined && itemIndex >= (current.items?.values.length ?? 0)) return undefined;
  const place = { stepId, ...(itemIndex !== undefined && { itemIndex }), slot: 0, attempt: 1 };
  const call: OpenCall = { callId: '', ...place, purpose: 'answer' };
  const narrow = narrowState(state, definition, stepId, itemIndex);
  const made = await parts.pool.run(key, definition, { type: 'prepare', call, state: narrow });
  if (!made.isReady) return undefined;
  const { system, messages } = made.prepared;
  const texts = messages.flatMap((message) =>
    message.role === 'user' ? message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [],
  );
  return { system, text: texts.join('\n') };
}

async function readState(
  parts: Pick<RunParts, 'prisma' | 'journal' | 'log'>,
  run: Pick<RunRecord, 'id' | 'state' | 'lastSeq'>,
  definition: WorkflowDefinition,
  stepId: string,
): Promise<RunState> {
  if (run.lastSeq <= mostJournalEvents) return replayRun(await parts.journal.readJournal(run.id, 0), newRun);
  const { state } = await readRunFold(parts, run, definition);
  const rows = await parts.prisma.runEvent.findMany({
    where: { runId: run.id, type: 'items-listed' },
    orderBy: { seq: 'asc' },
    select: { seq: true, fact: true, at: true },
  });
  const listed = rows.map(toRunEvent).findLast((event) => event.type === 'items-listed' && event.stepId === stepId);
  const step = state.steps[stepId];
  if (listed?.type !== 'items-listed' || !step?.items) return state;
  const items = { ...step.items, values: listed.items };
  return { ...state, steps: { ...state.steps, [stepId]: { ...step, items } } };
}

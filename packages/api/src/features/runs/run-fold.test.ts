import { isJournalEvent, type RunEvent, type WorkflowDefinition } from '@switchyard/core/workflows';
import { TestRun } from '@switchyard/core/workflows/testing';
import { expect, test } from 'vitest';
import { buildRunDetails } from './run-details.ts';
import { RunFold } from './run-fold.ts';
import type { RunRecord } from './run-record.ts';

const models = [{ model: 'a/1' }];
const definition = {
  format: 1,
  name: 'folded',
  inputs: { items: { type: 'list' } },
  steps: [
    { id: 'ask', type: 'prompt', models, prompt: 'Hello.' },
    {
      id: 'many',
      type: 'map',
      over: 'inputs.items',
      concurrency: 3,
      maxFailedShare: 0.5,
      do: { type: 'prompt', models, prompt: '{{ item }} {{ steps.ask.output }}' },
    },
    { id: 'ok', type: 'approval', message: 'Well? {{ steps.many.output | size }}' },
    { id: 'end', type: 'prompt', models, prompt: 'Sum up {{ steps.many.output | json }} {{ steps.ok.output }}' },
  ],
} as unknown as WorkflowDefinition;

/** All events of a run with failures, an approval and a retry, with progress between the facts of its journal. */
async function execute(): Promise<readonly RunEvent[]> {
  let asked = 0;
  const run = new TestRun(definition, () => {
    asked += 1;
    return asked % 5 === 0 ? { error: { code: 'MODEL.AUTH', message: 'Bad key.' } } : `answer ${asked}`;
  });
  await run.start({ items: Array.from({ length: 30 }, (_, index) => index) });
  const waiting = (await run.store.readJournal(run.runId, 0)).find(({ type }) => type === 'approval-requested');
  const approvalId = waiting && 'approvalId' in waiting ? waiting.approvalId : '';
  await run.tell({ type: 'approval-decided', stepId: 'ok', approvalId, isApproved: true });
  await run.resume();
  const again = {
    type: 'run-retried',
    retry: 1,
    resetStepIds: ['end'],
    resumedStepIds: [],
    deadlineAtMs: 1e15,
  } as const;
  await run.tell(again);
  await run.resume();
  const journal = await run.store.readJournal(run.runId, 0);
  const events = journal.flatMap((event): RunEvent[] => {
    if (event.type !== 'call-started') return [event];
    const { callId, stepId, itemIndex, slot, attempt, seq, atMs } = event;
    const place = { callId, stepId, ...(itemIndex !== undefined && { itemIndex }), slot, attempt };
    const route = {
      strategy: 'manual',
      candidates: [],
      rejected: [],
      matchedRules: [],
      explanation: '',
      decisionId: 'd',
    };
    return [
      event,
      { type: 'route-decided', ...place, ...route, seq, atMs },
      { type: 'attempt-started', ...place, providerId: 'a', modelId: 'a/1', vendorAttempt: 1, seq, atMs },
      { type: 'output-delta', ...place, text: 'ans', offset: 0, seq, atMs },
    ];
  });
  return events.map((event, index) => ({ ...event, seq: index + 1 }));
}

const plain = (fold: RunFold) =>
  JSON.parse(JSON.stringify(buildRunDetails({} as RunRecord, definition, fold, []))) as unknown;

test('a fold that was stored at any event and taken up again tells the same as all events', async () => {
  const events = await execute();
  expect(events.filter(isJournalEvent).length).toBeGreaterThan(100);
  const whole = new RunFold(definition);
  for (let from = 0; from <= events.length; from += 1) {
    // Readers see no difference at any number.
    const stored = new RunFold(definition, whole.store());
    expect(plain(stored)).toEqual(plain(whole));
    if (from % 7 === 0) {
      for (const event of events.slice(from)) stored.take(event);
      const straight = new RunFold(definition);
      for (const event of events) straight.take(event);
      expect(plain(stored)).toEqual(plain(straight));
    }
    const next = events[from];
    if (next) whole.take(next);
  }
});

test('what is stored of a long map is a small part of its events', async () => {
  const items = Array.from({ length: 3_000 }, (_, index) => index);
  const [, map] = definition.steps;
  const run = new TestRun(
    {
      ...definition,
      steps: [{ ...map, maxItems: 3_000, do: { type: 'prompt', models, prompt: '{{ item }}' } }],
    } as unknown as WorkflowDefinition,
    () => 'x'.repeat(100),
  );
  await run.start({ items });
  const events = await run.store.readJournal(run.runId, 0);
  const fold = new RunFold(run.definition);
  for (const event of events) fold.take(event);
  expect(fold.store().length).toBeLessThan(JSON.stringify(events).length / 4);
}, 60_000);

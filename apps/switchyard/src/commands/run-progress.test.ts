import { describe, expect, it } from 'vitest';
import { readEvents } from './graph-connection.ts';
import { colourless } from './palette.ts';
import { renderRun, renderStep } from './render-progress.ts';
import { applyProgress, beginProgress, parseNanoUsd } from './run-progress.ts';

const at = '2026-11-21T09:00:00.000Z';
const atMs = Date.parse(at);
const place = (stepId: string, callId = `${stepId}-1`) => ({ callId, stepId, itemIndex: null, slot: 0 });
const events = (...list: readonly object[]) =>
  list.reduce(
    (run, event) => applyProgress(run as never, { at, ...event }),
    beginProgress([{ id: 'plan', title: 'Plan it' }, { id: 'write' }]),
  ) as ReturnType<typeof beginProgress>;
const started = (stepId: string) => ({ __typename: 'StepStarted', stepId });
const delta = (stepId: string, text: string, offset: number) => ({
  __typename: 'OutputDelta',
  place: place(stepId),
  text,
  offset,
});

describe('the progress of a run', () => {
  it('shows what is being written, by whom and for how long', () => {
    const attempt = { __typename: 'AttemptStarted', place: place('plan'), entry: { modelId: 'openai/x', attempt: 1 } };
    const run = events(started('plan'), attempt, delta('plan', 'First ', 0), delta('plan', 'this', 6));
    const [plan] = run.steps;
    if (!plan) throw new Error('no step');
    expect(renderStep(plan, atMs + 1_500, 100, colourless)).toBe(
      '▸ Plan it                      openai/x · 1.5 s  First this',
    );
  });

  it('does not double text that comes again after a lost connection', () => {
    const run = events(
      started('plan'),
      delta('plan', 'First ', 0),
      delta('plan', 'First ', 0),
      delta('plan', 'this', 6),
    );
    expect(run.steps[0]?.text).toBe('First this');
  });

  it('adds up money and tokens, and counts failovers', () => {
    const run = events(
      started('plan'),
      {
        __typename: 'FailoverHappened',
        place: place('plan'),
        entry: { modelId: 'a/x', toModelId: 'b/y', reason: 'server' },
      },
      {
        __typename: 'OutputCompleted',
        place: place('plan'),
        answeredModelId: 'b/y',
        usage: { inputTokens: 1, outputTokens: 20 },
        spend: [
          { providerId: 'a', costUsd: null },
          { providerId: 'b', costUsd: '0.000000003' },
        ],
      },
    );
    expect(run).toMatchObject({ costNanoUsd: 3n, failovers: 1, steps: [{ modelId: 'b/y', outputTokens: 20 }, {}] });
  });

  it('forgets what a retry begins anew', () => {
    const run = events(
      started('plan'),
      { __typename: 'StepCompleted', stepId: 'plan', stepState: 'FAILED', error: { message: 'no' } },
      { __typename: 'RunStarted', retry: 1, resetStepIds: ['plan'], givenStepIds: [] },
    );
    expect(run.steps[0]).toMatchObject({ mark: 'pending', title: 'Plan it', note: undefined });
  });

  it('keeps every line within the terminal, whatever a model writes', () => {
    const text = `\x1b[2J${'long '.repeat(100)}\n`;
    const run = events(started('plan'), delta('plan', text, 0));
    const lines = renderRun(run, atMs, { columns: 60, rows: 4 }, colourless);
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(60);
      expect(line).not.toMatch(/\p{Cc}/u);
    }
  });
});

it('money is read without losing a nano-dollar', () => {
  expect([parseNanoUsd('12.000000001'), parseNanoUsd('0.5'), parseNanoUsd('3'), parseNanoUsd(null)]).toEqual([
    12_000_000_001n,
    500_000_000n,
    3_000_000_000n,
    0n,
  ]);
});

it('server-sent events are read however the network cuts them', async () => {
  const stream =
    ': hello\r\n\r\nevent: next\r\ndata: {"a":"ü"}\r\n\r\nevent: next\ndata: one\ndata: two\n\nevent: complete\n\ndata: cut';
  const bytes = new TextEncoder().encode(stream);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.slice(i * size, (i + 1) * size),
    );
    const read: unknown[] = [];
    for await (const event of readEvents(
      (async function* () {
        yield* pieces;
      })(),
    ))
      read.push(event);
    expect(read).toEqual([
      { event: 'next', data: '{"a":"ü"}' },
      { event: 'next', data: 'one\ntwo' },
      { event: 'complete', data: '' },
    ]);
  }
});

import { FakeClock } from '@switchyard/core/testing';
import { describe, expect, test } from 'vitest';
import { RecordingLog } from '../../testing/recording-log.ts';
import { SpanQueue } from './span-queue.ts';
import { readTraceParent, spanIdOf, traceIdOfRun, writeTraceParent } from './trace-ids.ts';

type Exporter = ConstructorParameters<typeof SpanQueue>[0]['exporter'];

function start(options: { readonly queueSize?: number } = {}) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const batches: string[][] = [];
  const answers: ((result: { code: number; error?: Error }) => void)[] = [];
  const exporter: Exporter = {
    export: (spans, done) => {
      batches.push(spans.map(({ name }) => name));
      answers.push(done as never);
    },
    shutdown: async () => {},
  };
  const queue = new SpanQueue({
    exporter,
    clock,
    log,
    delayMs: 1_000,
    queueSize: options.queueSize ?? 10,
    batchSize: 3,
  });
  const end = (name: string, traceFlags = 1) => queue.onEnd({ name, spanContext: () => ({ traceFlags }) } as never);
  /** The collector answers the oldest export. */
  const answer = async (code: number) => {
    answers.shift()?.({ code, ...(code !== 0 && { error: new Error('connect ECONNREFUSED') }) });
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { clock, log, batches, queue, end, answer };
}

describe('spans', () => {
  test('are sent after a while, or at once when a batch is full; those that are not sampled never', async () => {
    const { clock, batches, end, answer } = start();
    end('a');
    end('unsampled', 0);
    expect(batches).toEqual([]);
    clock.advance(1_000);
    expect(batches).toEqual([['a']]);
    await answer(0);
    for (const name of ['b', 'c', 'd']) end(name);
    expect(batches.at(-1)).toEqual(['b', 'c', 'd']);
  });

  test('are held up to a bound while the collector is silent: nothing waits for it, the rest is counted', async () => {
    const { queue, end, clock } = start({ queueSize: 5 });
    for (let index = 0; index < 100; index += 1) end(`s${index}`);
    clock.advance(60_000);
    expect(queue.waitingCount).toBeLessThanOrEqual(5);
    expect(queue.lostCount).toBe(100 - 3 - 5);
  });

  test('that a collector does not take are said once to be lost, and once to be taken again', async () => {
    const { queue, log, end, clock, answer } = start();
    for (const code of [1, 1, 1, 0, 0]) {
      end('x');
      clock.advance(1_000);
      await answer(code);
    }
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
    expect(log.lines[0]?.fields).toEqual({ error: 'connect ECONNREFUSED' });
    expect(queue.lostCount).toBe(3);
  });

  test('that wait at the end are sent before it ends', async () => {
    const { queue, batches, end, answer } = start();
    for (const name of ['a', 'b']) end(name);
    const stopped = queue.shutdown();
    await Promise.resolve();
    expect(batches).toEqual([['a', 'b']]);
    await answer(0);
    await stopped;
    end('late');
    expect(queue.waitingCount).toBe(0);
  });
});

describe('trace context', () => {
  const header = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  test('is read and written as W3C says', () => {
    const place = readTraceParent(header, 'x=1');
    expect(place).toEqual({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true, traceState: 'x=1' });
    expect(place && writeTraceParent(place)).toEqual({ traceparent: header, tracestate: 'x=1' });
    expect(readTraceParent(header.replace(/01$/, '00'), undefined)?.isSampled).toBe(false);
    expect(readTraceParent(`01${header.slice(2)}-more`, undefined)?.traceId).toBe('a'.repeat(32));
  });

  test.each([
    ['nothing', undefined],
    ['two headers', [header]],
    ['upper case', header.toUpperCase()],
    ['a zero trace', header.replace(/a{32}/, '0'.repeat(32))],
    ['a zero span', header.replace(/b{16}/, '0'.repeat(16))],
    ['an unknown tail', `${header}-00`],
    ['the forbidden version', `ff${header.slice(2)}`],
    ['prose', 'hello'],
  ])('%s is no context', (_what, value) => expect(readTraceParent(value, undefined)).toBeUndefined());

  test('ids of runs are the same wherever they are worked out, and different for everything that is another thing', () => {
    expect(traceIdOfRun('run_1')).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdOfRun('run_1')).toBe(traceIdOfRun('run_1'));
    const ids = [spanIdOf('run', 'run_1'), spanIdOf('step', 'run_1', 'a', 0), spanIdOf('step', 'run_1', 'a', 1)];
    expect(new Set([...ids, spanIdOf('step', 'run_1', 'b', 0), spanIdOf('retry', 'run_1', 1)]).size).toBe(5);
    expect(traceIdOfRun('run_2')).not.toBe(traceIdOfRun('run_1'));
  });
});

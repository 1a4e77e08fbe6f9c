import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FaultInput, type Simulator, startSimulator } from '../index.ts';
import {
  isComplete,
  jsonOf,
  type LooseJson,
  type LooseResponse,
  readStream,
  sendChat,
  textOf,
  type WireStream,
} from '../testing/wire-client.ts';
import { SIMULATED_VENDORS, type SimulatedVendor } from '../vendors.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterEach(() => simulator.control.reset());
afterAll(() => simulator.stop());

const stream = async (
  vendor: SimulatedVendor,
  fault: FaultInput,
  silenceMs = 300,
  body?: LooseJson,
): Promise<WireStream> => {
  simulator.control.addFault(fault);
  return readStream(await sendChat(simulator, { vendor, stream: true, ...(body && { body }) }), silenceMs);
};
const lastOutcome = (): unknown => simulator.control.requests().at(-1)?.outcome;
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

describe.each(SIMULATED_VENDORS)('%s', (vendor) => {
  test.each(['fin', 'rst'] as const)('cut by %s: some text, a broken message, no terminal marker', async (mode) => {
    const result = await stream(vendor, { kind: 'cut', afterTokens: 15, mode });
    expect(textOf(result)).not.toBe('');
    expect(result.broken).toBe(true);
    expect(isComplete(vendor, result)).toBe(false);
    expect(lastOutcome()).toBe('faulted');
  });

  test('cut before the first token and beyond the last', async () => {
    const early = await stream(vendor, { kind: 'cut', afterTokens: 0 });
    expect([textOf(early), early.broken]).toEqual(['', true]);
    simulator.control.clearFaults();
    const late = await stream(vendor, { kind: 'cut', afterTokens: 1_000_000 });
    expect([isComplete(vendor, late), late.broken]).toEqual([false, true]);
  });

  test('cut of a whole answer: fewer bytes than promised', async () => {
    simulator.control.addFault({ kind: 'cut' });
    const response = await sendChat(simulator, { vendor });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test('stall for ever, and for a while', async () => {
    const result = await stream(vendor, { kind: 'stall', afterTokens: 10 }, 150);
    expect([textOf(result) === '', isComplete(vendor, result)]).toEqual([false, false]);
    simulator.control.clearFaults();
    const elapsedMs = await timed(async () => {
      expect(isComplete(vendor, await stream(vendor, { kind: 'stall', forMs: 120 }))).toBe(true);
    });
    expect(elapsedMs).toBeGreaterThan(110);
  });

  test('malformed: one event is not JSON and the rest is sound; fatal: garbage without end', async () => {
    const result = await stream(vendor, { kind: 'malformed', afterTokens: 10 });
    const broken = result.events.filter(
      ({ data }) =>
        data !== '[DONE]' &&
        data !== '' &&
        jsonOf({ events: [{ event: undefined, data }], broken: false }).length === 0,
    );
    expect(broken).toHaveLength(1);
    expect(isComplete(vendor, result)).toBe(true);
    simulator.control.clearFaults();
    simulator.control.addFault({ kind: 'malformed', fatal: true });
    const leave = new AbortController();
    const response = await sendChat(simulator, { vendor, stream: true, signal: leave.signal });
    setTimeout(() => leave.abort(), 200);
    expect(isComplete(vendor, await readStream(response))).toBe(false);
  });

  test('stream-error: the error event of the vendor and a clean end', async () => {
    const result = await stream(vendor, { kind: 'stream-error', afterTokens: 10 });
    expect([result.broken, isComplete(vendor, result)]).toEqual([false, false]);
    const last = jsonOf(result).at(-1);
    if (vendor === 'anthropic')
      expect([result.events.at(-1)?.event, last.error.type]).toEqual(['error', 'overloaded_error']);
    else if (vendor === 'google') expect(last.error).toMatchObject({ code: 503, status: 'UNAVAILABLE' });
    else expect(last.error ?? last.message).toBeTruthy();
    expect((await sendChat(simulator, { vendor })).ok).toBe(false);
  });

  test('missing-end: finish and usage, then closed or held open', async () => {
    const closed = await stream(vendor, { kind: 'missing-end' });
    expect(closed.broken).toBe(false);
    if (vendor !== 'google') expect(isComplete(vendor, closed)).toBe(false);
    expect(JSON.stringify(jsonOf(closed))).toMatch(/"(finish_reason|stop_reason|finishReason)":"(stop|end_turn|STOP)"/);
    simulator.control.clearFaults();
    expect((await stream(vendor, { kind: 'missing-end', hold: true }, 150)).broken).toBe(true);
  });

  test('usage missing and usage everywhere', async () => {
    const usageOf = (chunk: LooseJson): unknown => chunk.usage ?? chunk.usageMetadata ?? chunk.message?.usage;
    const none = await stream(vendor, { kind: 'missing-usage' });
    expect(jsonOf(none).filter((chunk) => usageOf(chunk) != null)).toEqual([]);
    expect(isComplete(vendor, none)).toBe(true);
    simulator.control.clearFaults();
    const all = jsonOf(await stream(vendor, { kind: 'usage-every-chunk' }));
    expect(all.filter((chunk) => usageOf(chunk) != null).length).toBeGreaterThan(5);
  });

  test('empty, refusal, content-filter, truncate, reasoning-only', async () => {
    const reasonOf = async (fault: FaultInput): Promise<{ reason: string; text: string; raw: string }> => {
      simulator.control.clearFaults();
      const chunks = jsonOf(await stream(vendor, fault));
      const reason = chunks
        .map(
          (chunk) =>
            chunk.choices?.[0]?.finish_reason ?? chunk.delta?.stop_reason ?? chunk.candidates?.[0]?.finishReason,
        )
        .filter(Boolean);
      return {
        reason: reason.join(),
        text: textOf({
          events: chunks.map((chunk) => ({ event: undefined, data: JSON.stringify(chunk) })),
          broken: false,
        }),
        raw: JSON.stringify(chunks),
      };
    };
    const pick = (openai: string, anthropic: string, google: string): string =>
      vendor === 'anthropic' ? anthropic : vendor === 'google' ? google : openai;
    expect(await reasonOf({ kind: 'empty' })).toMatchObject({ reason: pick('stop', 'end_turn', 'STOP'), text: '' });
    expect((await reasonOf({ kind: 'refusal' })).reason).toBe(pick('stop', 'refusal', 'PROHIBITED_CONTENT'));
    expect(await reasonOf({ kind: 'content-filter' })).toMatchObject({
      reason: pick('content_filter', 'refusal', 'SAFETY'),
      text: '',
    });
    const truncated = await reasonOf({ kind: 'truncate', afterTokens: 12 });
    expect(truncated.reason).toBe(pick('length', 'max_tokens', 'MAX_TOKENS'));
    expect(truncated.text.length).toBeLessThan(200);
    const thinking = await reasonOf({ kind: 'reasoning-only' });
    expect(thinking).toMatchObject({ reason: pick('stop', 'end_turn', 'STOP'), text: '' });
    expect(thinking.raw).toMatch(/"reasoning|"thinking|"thought":true/);
  });

  test('unknown events and fields do not disturb the answer; a huge delta is one event', async () => {
    const plain = textOf(await readStream(await sendChat(simulator, { vendor, stream: true })));
    const odd = await stream(vendor, { kind: 'unknown-events' });
    expect(JSON.stringify(jsonOf(odd))).toContain('x_unreleased');
    expect([textOf(odd), isComplete(vendor, odd)]).toEqual([plain, true]);
    simulator.control.clearFaults();
    const huge = await stream(vendor, { kind: 'huge-delta', sizeBytes: 300_000 });
    expect(Math.max(...huge.events.map(({ data }) => data.length))).toBeGreaterThan(300_000);
    expect(isComplete(vendor, huge)).toBe(true);
  });

  test('reset and silence', async () => {
    simulator.control.addFault({ kind: 'reset', times: 1 });
    await expect(sendChat(simulator, { vendor })).rejects.toThrow();
    expect((await sendChat(simulator, { vendor })).status).toBe(200);
    simulator.control.addFault({ kind: 'silent' });
    await expect(sendChat(simulator, { vendor, signal: AbortSignal.timeout(80) })).rejects.toThrow();
    await expect.poll(lastOutcome).toBe('aborted');
  });

  test('latency delays headers, slow-first-token only the token, rate the rest', async () => {
    simulator.control.addFault({ kind: 'latency', delayMs: 90 });
    expect(await timed(() => sendChat(simulator, { vendor, stream: true }))).toBeGreaterThan(85);
    simulator.control.clearFaults();
    simulator.control.addFault({ kind: 'slow-first-token', delayMs: 150 });
    let response = undefined as LooseResponse | undefined;
    const headersMs = await timed(async () => {
      response = await sendChat(simulator, { vendor, stream: true });
    });
    const bodyMs = await timed(() => readStream(response as LooseResponse));
    expect(bodyMs).toBeGreaterThan(headersMs);
    expect(bodyMs).toBeGreaterThan(100);
    simulator.control.clearFaults();
    simulator.control.addFault({ kind: 'truncate', afterTokens: 30 });
    expect(await timed(() => stream(vendor, { kind: 'rate', tokensPerSecond: 200 }))).toBeGreaterThan(100);
  });

  test('errors in the form of the vendor', async () => {
    const error = async (fault: LooseJson): Promise<{ status: number; retryAfter: string | null; body: LooseJson }> => {
      simulator.control.clearFaults();
      simulator.control.addFault({ kind: 'error', ...fault });
      const response = await sendChat(simulator, { vendor, stream: true });
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
    };
    for (const status of [400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504, 529]) {
      const { status: sent, body } = await error({ status });
      expect(sent).toBe(vendor === 'google' && status === 401 ? 400 : status);
      if (vendor === 'anthropic')
        expect(body).toMatchObject({
          type: 'error',
          error: { type: expect.any(String) },
          request_id: expect.any(String),
        });
      else if (vendor === 'google')
        expect(body.error).toMatchObject({ code: sent, status: expect.any(String), message: expect.any(String) });
      else expect(body.error ?? body.message).toBeTruthy();
    }
    const limited = await error({ status: 429, retryAfterSeconds: 2 });
    if (vendor === 'google')
      expect(limited.body.error.details.find((detail: LooseJson) => detail.retryDelay)).toMatchObject({
        retryDelay: '2s',
      });
    else expect(limited.retryAfter).toBe('2');
    const overloaded = await error({ code: 'overloaded' });
    expect(overloaded.status).toBe(vendor === 'anthropic' ? 529 : 503);
    const quota = await error({ code: 'quota' });
    expect(quota.status).toBe({ anthropic: 400, huggingface: 402, cohere: 402 }[vendor as string] ?? 429);
    if (vendor === 'openai')
      expect(quota.body.error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
    expect((await error({ status: 500, body: { anything: [1] } })).body).toEqual({ anything: [1] });
  });
});

test('retry hints may contradict each other or be a date', async () => {
  simulator.control.addFault({ kind: 'error', status: 429, retryAfterSeconds: 1, retryAfterMs: 0, times: 1 });
  const both = await sendChat(simulator, { vendor: 'openai' });
  expect([both.headers.get('retry-after'), both.headers.get('retry-after-ms')]).toEqual(['1', '0']);
  simulator.control.addFault({ kind: 'error', status: 429, retryAfterSeconds: 60, retryAfterDate: true });
  const date = Date.parse((await sendChat(simulator, { vendor: 'openai' })).headers.get('retry-after') ?? '');
  expect(Math.abs(date - Date.now() - 60_000)).toBeLessThan(3000);
});

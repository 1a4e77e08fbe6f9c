import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ControlError, FAULT_KINDS, type Simulator, startSimulator } from '../index.ts';
import { fetchLoose, type LooseJson, readStream, sendChat, TEST_MODELS, textOf } from '../testing/wire-client.ts';
import { SIMULATED_VENDORS } from '../vendors.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterEach(() => simulator.control.reset());
afterAll(() => simulator.stop());

const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: LooseJson }> => {
  const response = await fetchLoose(`${simulator.url}/_control${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};

test('faults are created, listed, replaced and deleted', async () => {
  expect(await call('POST', '/faults', { id: 'a', kind: 'error', status: 503 })).toMatchObject({
    status: 201,
    body: { id: 'a', hits: 0, seen: 0 },
  });
  expect(
    (await call('POST', '/faults', [{ kind: 'reset' }, { kind: 'silent' }])).body.map(
      (fault: { id: string }) => fault.id,
    ),
  ).toEqual(['fault-1', 'fault-2']);
  expect((await call('GET', '/faults')).body).toHaveLength(3);
  expect((await call('POST', '/faults', { id: 'a', kind: 'reset' })).status).toBe(409);
  expect((await call('PUT', '/faults/a', { kind: 'latency', delayMs: 5 })).body).toMatchObject({
    id: 'a',
    kind: 'latency',
  });
  expect((await call('DELETE', '/faults/a')).status).toBe(204);
  expect((await call('DELETE', '/faults/a')).status).toBe(404);
  expect((await call('DELETE', '/faults')).status).toBe(204);
  expect(simulator.control.listFaults()).toEqual([]);
});

test.each([
  [{ kind: 'explode' }, 'kind'],
  [{ kind: 'latency' }, 'delayMs'],
  [{ kind: 'latency', delayMs: 'soon' }, 'delayMs'],
  [{ kind: 'error', status: 418 }, 'status'],
  [{ kind: 'error' }, 'status'],
  [{ kind: 'reset', probability: 2 }, 'probability'],
  [{ kind: 'reset', vendor: 'acme' }, 'vendor'],
  [{ kind: 'cut', afterToken: 5 }, 'afterToken'],
  [{ kind: 'reset', times: 0 }, 'times'],
  ['{nonsense', '(body)'],
  [null, '(body)'],
])('wrong fault %j is a 400 that names %s', async (fault, field) => {
  const { status, body } = await call('POST', '/faults', fault);
  expect(status).toBe(400);
  expect(body.error.issues.map((issue: { field: string }) => issue.field)).toContain(field);
  expect(simulator.control.listFaults()).toEqual([]);
});

test('the same in process throws', () => {
  expect(() => simulator.control.addFault({ kind: 'rate', tokensPerSecond: -1 })).toThrow(ControlError);
  expect(() => simulator.control.updateSettings({ speed: 0 })).toThrow(/speed/);
  expect(FAULT_KINDS).toHaveLength(20);
});

describe('settings', () => {
  test('speed, seed and overrides change while running', async () => {
    const first = textOf(await readStream(await sendChat(simulator, { vendor: 'openai', stream: true })));
    expect((await call('PUT', '/settings', { seed: 2, speed: 1000 })).body).toMatchObject({ seed: 2, speed: 1000 });
    expect(textOf(await readStream(await sendChat(simulator, { vendor: 'openai', stream: true })))).not.toBe(first);
    await call('PUT', '/settings', { seed: 1, speed: 'Infinity' });
    expect((await call('GET', '/settings')).body.speed).toBe('Infinity');
    expect(textOf(await readStream(await sendChat(simulator, { vendor: 'openai', stream: true })))).toBe(first);
    await call('PUT', '/settings', { speed: 1, overrides: [{ vendor: 'openai', ttftMs: 120, tokensPerSecond: 1e6 }] });
    const startedAt = performance.now();
    await (await sendChat(simulator, { vendor: 'openai' })).text();
    expect(performance.now() - startedAt).toBeGreaterThan(110);
    expect((await call('PUT', '/settings', { sped: 1 })).body.error.issues[0].field).toBe('sped');
  });

  test('a fixed answer is everybody’s answer, streamed or whole, also beside faults', async () => {
    simulator.control.updateSettings({ fixedAnswer: 'Always this.' });
    for (const vendor of SIMULATED_VENDORS) {
      for (let round = 0; round < 2; round++) {
        expect(textOf(await readStream(await sendChat(simulator, { vendor, stream: true })))).toBe('Always this.');
        expect(await (await sendChat(simulator, { vendor })).text()).toContain('Always this.');
      }
    }
    simulator.control.addFault({ kind: 'cut', afterTokens: 1 });
    expect((await readStream(await sendChat(simulator, { vendor: 'openai', stream: true }))).broken).toBe(true);
  });
});

describe('request log', () => {
  test('says what was asked and how it ended, without secrets', async () => {
    await (await sendChat(simulator, { vendor: 'anthropic', key: 'sk-ant-very-secret-9876', prompt: 'hello' })).text();
    const { body } = await call('GET', '/requests');
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({
      vendor: 'anthropic',
      model: TEST_MODELS.anthropic,
      keyLastFour: '9876',
      outcome: 'completed',
      status: 200,
      stream: false,
      body: { max_tokens: 4096 },
    });
    expect(body[0].tokensSent).toBeGreaterThan(3);
    expect(JSON.stringify(body)).not.toContain('very-secret');
    expect(body[0].headers['anthropic-version']).toBe('2023-06-01');
    await call('DELETE', '/requests');
    expect(simulator.control.requests()).toEqual([]);
  });

  test('a client that leaves is noticed and generation stops', async () => {
    simulator.control.updateSettings({ speed: 1, overrides: [{ ttftMs: 1, tokensPerSecond: 50 }] });
    const leave = new AbortController();
    const response = await sendChat(simulator, { vendor: 'openai', stream: true, signal: leave.signal });
    await response.body?.getReader().read();
    leave.abort();
    await expect.poll(() => simulator.control.requests()[0]?.outcome).toBe('aborted');
    const tokens = simulator.control.requests()[0]?.tokensSent;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(simulator.control.requests()[0]?.tokensSent).toBe(tokens);
    expect(tokens).toBeLessThan(20);
  });

  test('a client that stops reading holds the stream back', async () => {
    simulator.control.addFault({ kind: 'huge-delta', sizeBytes: 32 * 1024 * 1024 });
    const response = await sendChat(simulator, { vendor: 'openai', stream: true });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(simulator.control.requests()[0]?.endedAt).toBeNull();
    await response.body?.cancel();
    await expect.poll(() => simulator.control.requests()[0]?.outcome).not.toBe('open');
  });
});

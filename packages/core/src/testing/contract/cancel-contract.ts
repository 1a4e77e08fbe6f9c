import { expect, it } from 'vitest';
import type { ProviderError } from '../../spec/index.ts';
import { ask, readParts, summarise } from '../read-parts.ts';
import type { ContractSubject } from './contract-subject.ts';

/** Long enough for a busy machine; how prompt it is (≤ 100 ms) is for a benchmark to say. */
const patienceMs = 2_000;

/** How a call is stopped. */
export function describeCancelling(subject: ContractSubject): void {
  const call = () => ask(subject.model, 'Describe the tides at length.');
  const upstream = () => subject.simulator().control.requests().at(-1);
  const closedWithin = async (limitMs: number) => {
    const startedAt = performance.now();
    while (upstream()?.outcome === 'open' && performance.now() - startedAt < limitMs) await pause(2);
    return upstream()?.outcome;
  };

  it('makes no request when the signal is already aborted', async () => {
    subject.simulator().control.clearRequests();
    const { thrown } = await readParts(subject.adapter(), call(), AbortSignal.abort());
    expect((thrown as ProviderError).kind).toBe('cancelled');
    expect(subject.simulator().control.requests()).toHaveLength(0);
  });

  it('ends promptly and closes the connection when aborted before the first byte', async () => {
    subject.inject({ kind: 'silent', vendor: subject.vendor });
    const controller = new AbortController();
    const reading = readParts(subject.adapter(), call(), controller.signal);
    await pause(60);
    controller.abort();
    expect(((await reading).thrown as ProviderError).kind).toBe('cancelled');
    expect(await closedWithin(patienceMs)).not.toBe('open');
  });

  it('ends promptly and closes the connection when aborted in the middle', async () => {
    subject.inject({ kind: 'stall', afterTokens: 5, vendor: subject.vendor });
    const controller = new AbortController();
    const reading = readParts(subject.adapter(), call(), controller.signal);
    await pause(80);
    controller.abort();
    const result = summarise(await reading);
    expect(result).toMatchObject({
      isComplete: false,
      errorKind: 'cancelled',
      hasContent: !subject.isWhole,
      terminalParts: subject.isWhole ? 0 : 1,
    });
    expect(await closedWithin(patienceMs)).not.toBe('open');
  });

  if (!subject.isWhole)
    it('closes the connection when the reader leaves early', async () => {
      subject.inject({ kind: 'stall', afterTokens: 5, vendor: subject.vendor });
      const controller = new AbortController();
      for await (const part of subject.adapter().stream(call(), controller.signal)) {
        if (part.type === 'text-delta') break;
      }
      expect(await closedWithin(patienceMs)).not.toBe('open');
    });

  it('leaves no listener on a signal that outlives many calls', async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = AbortSignal.prototype;
    controller.signal.addEventListener = function add(this: AbortSignal, ...args: Parameters<typeof addEventListener>) {
      listeners += 1;
      return Reflect.apply(addEventListener, this, args);
    } as typeof addEventListener;
    controller.signal.removeEventListener = function remove(
      this: AbortSignal,
      ...args: Parameters<typeof removeEventListener>
    ) {
      listeners -= 1;
      return Reflect.apply(removeEventListener, this, args);
    } as typeof removeEventListener;
    for (let turn = 0; turn < 3; turn += 1) await readParts(subject.adapter(), call(), controller.signal);
    expect(listeners).toBe(0);
  });
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

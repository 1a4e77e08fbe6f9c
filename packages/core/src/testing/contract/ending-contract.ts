import { expect, it } from 'vitest';
import { ask, readParts, summarise } from '../read-parts.ts';
import type { ContractSubject } from './contract-subject.ts';

/** How streams begin and end. */
export function describeEndings(subject: ContractSubject): void {
  const question = (text = 'Describe the tides in one paragraph.') => ask(subject.model, text);
  const outcome = async (text?: string) => summarise(await readParts(subject.adapter(), question(text)));

  it('begins with stream-start and ends with exactly one terminal part', async () => {
    const result = await readParts(subject.adapter(), question());
    expect(result.parts[0]?.type).toBe('stream-start');
    expect(result.parts.at(-1)).toMatchObject({ type: 'stream-end', reason: { unified: 'stop' } });
    const { terminalParts, text, isComplete } = summarise(result);
    expect({ terminalParts, isComplete }).toEqual({ terminalParts: 1, isComplete: true });
    expect(text.length).toBeGreaterThan(20);
  });

  it('names the model that really answered', async () => {
    const { parts } = await readParts(subject.adapter(), question());
    const served = parts.flatMap((part) =>
      part.type === 'response-metadata' && part.servedModel ? [part.servedModel] : [],
    );
    expect(served.at(-1)).toContain(subject.model.split(':')[0]);
  });

  it.each(['fin', 'rst'] as const)('never takes a cut stream (%s) for a complete one', async (mode) => {
    for (const afterTokens of [0, 1, 5, 12]) {
      subject.simulator().control.clearFaults();
      subject.inject({ kind: 'cut', afterTokens, mode, vendor: subject.vendor });
      const { isComplete, errorKind, isThrown, hasContent, terminalParts } = await outcome();
      expect({ afterTokens, isComplete, errorKind }).toEqual({
        afterTokens,
        isComplete: false,
        errorKind: 'invalid-response',
      });
      expect(isThrown).toBe(!hasContent);
      expect(terminalParts).toBe(hasContent ? 1 : 0);
    }
  });

  it('accepts an answer whose end marker is missing when the finish reason was seen', async () => {
    subject.inject({ kind: 'missing-end', vendor: subject.vendor });
    expect(await outcome()).toMatchObject({ isComplete: true, errorKind: undefined, reason: { unified: 'stop' } });
  });

  it('does not wait for a connection that hangs after the finish reason', async () => {
    subject.inject({ kind: 'missing-end', hold: true, vendor: subject.vendor });
    expect(await outcome()).toMatchObject({ isComplete: true, reason: { unified: 'stop' } });
  });

  if (subject.isWhole)
    it('asks for the answer in one piece and gives what the stream gives, its text as one delta', async () => {
      const whole = await readParts(subject.adapter(), question());
      expect(subject.simulator().control.requests().at(-1)?.stream).toBe(false);
      expect(whole.parts.filter((part) => part.type === 'text-delta')).toHaveLength(1);
      const streamed = await readParts(subject.streamingAdapter(), question());
      expect(subject.simulator().control.requests().at(-1)?.stream).toBe(true);
      expect(summarise(whole)).toEqual(summarise(streamed));
    });

  it('skips one event that is not JSON, with a warning; an answer in one piece has no other', async () => {
    subject.inject({ kind: 'malformed', afterTokens: 3, vendor: subject.vendor });
    const { isComplete, warnings, errorKind } = await outcome();
    if (subject.isWhole) {
      expect({ isComplete, errorKind }).toEqual({ isComplete: false, errorKind: 'invalid-response' });
      return;
    }
    expect({ isComplete, warnings }).toEqual({ isComplete: true, warnings: ['malformed-event'] });
  });

  it('ends with invalid-response when garbage persists', async () => {
    subject.inject({ kind: 'malformed', afterTokens: 3, fatal: true, vendor: subject.vendor });
    expect(await outcome()).toMatchObject({ isComplete: false, errorKind: 'invalid-response' });
  });

  it('turns an error inside the stream into a part of its kind, keeping what came before', async () => {
    subject.inject({ kind: 'stream-error', afterTokens: 6, code: 'overloaded', vendor: subject.vendor });
    const { isComplete, errorKind, isThrown, text, terminalParts } = await outcome();
    expect({ isComplete, errorKind, isThrown, terminalParts }).toEqual({
      isComplete: false,
      errorKind: 'overloaded',
      isThrown: subject.isWhole === true,
      terminalParts: subject.isWhole ? 0 : 1,
    });
    expect(text === '').toBe(subject.isWhole === true);
  });

  it('reports a cap on the output as length', async () => {
    subject.inject({ kind: 'truncate', afterTokens: 8, vendor: subject.vendor });
    expect(await outcome()).toMatchObject({ isComplete: true, reason: { unified: 'length' } });
  });

  it('reports a stopped answer as content-filter', async () => {
    subject.inject({ kind: 'content-filter', afterTokens: 5, vendor: subject.vendor });
    const result = await outcome();
    if (result.isComplete) expect(result.reason?.unified).toMatch(/content-filter|refusal/);
    else expect(result.errorKind).toBe('content-filter');
  });

  it('survives an empty answer, a refusal, unknown events and one huge delta', async () => {
    for (const kind of ['empty', 'refusal', 'unknown-events', 'huge-delta'] as const) {
      subject.simulator().control.clearFaults();
      subject.inject({ kind, vendor: subject.vendor });
      const result = await outcome();
      expect({ kind, isComplete: result.isComplete, errorKind: result.errorKind }).toEqual({
        kind,
        isComplete: true,
        errorKind: undefined,
      });
      if (kind === 'huge-delta') expect(result.text.length).toBeGreaterThanOrEqual(1024 * 1024);
    }
  });
}

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelAdapter } from '../../spec/index.ts';
import { ask, readParts, summarise } from '../read-parts.ts';
import {
  type RecordedAnswer,
  type ReplayOptions,
  startRecorder,
  startReplay,
  startTestServer,
  type TestServer,
} from '../replay-server.ts';
import { type ContractSubject, canaryKey } from './contract-subject.ts';

const answerText = 'Naïve tides 🌊 rise, “fall” and 上昇する. Done.';

/** The vendors' marks that an answer is complete, as they stand in the bytes; a null in their place marks nothing. */
const finishReason = /"(?:stop_reason|finish_reason|finishReason)": ?"/;

/** What arrives must not depend on how the network cut it, and a part is never taken for the whole. */
export function describeBoundaries(subject: ContractSubject): void {
  let recorded: RecordedAnswer;
  let replay: TestServer;
  let adapter: ModelAdapter;
  let options: ReplayOptions = {};
  const call = () => ask(subject.model, 'Describe the tides.');
  const play = async (next: ReplayOptions) => {
    options = next;
    return summarise(await readParts(adapter, call()));
  };

  beforeAll(async () => {
    const simulator = subject.simulator();
    simulator.control.reset();
    simulator.control.updateSettings({ fixedAnswer: answerText });
    const recorder = await startRecorder(simulator.url);
    const path = new URL(simulator.baseUrls[subject.vendor]).pathname;
    await readParts(subject.createAdapter({ baseUrl: recorder.url + path, apiKey: canaryKey }), call());
    recorded = recorder.last();
    await recorder.stop();
    simulator.control.updateSettings({ fixedAnswer: null });
    replay = await startReplay(recorded, () => options);
    adapter = subject.createAdapter({ baseUrl: replay.url, apiKey: canaryKey });
  });
  afterAll(() => replay.stop());

  it('reads the same from pieces of 1, 7 and 64 bytes', async () => {
    const whole = await play({});
    expect(whole).toMatchObject({ text: answerText, isComplete: true });
    for (const pieceBytes of [1, 7, 64]) expect(await play({ pieceBytes })).toEqual(whole);
  });

  it('never takes a stream cut at any position for a complete one', async () => {
    const whole = await play({});
    const length = recorded.body.length;
    const marker = recorded.body.toString('latin1').search(finishReason);
    expect(marker).toBeGreaterThan(0);
    const positions = new Set(
      Array.from({ length: subject.cuts ?? 60 }, (_, index) => Math.floor((index * length) / (subject.cuts ?? 60))),
    );
    for (let at = 0; at < length; at += 1)
      if (recorded.body[at] === 0x0a && recorded.body[at - 1] === 0x0a) positions.add(at + 1);
    for (const cutAtByte of positions) {
      const cut = await play({ cutAtByte, cutMode: cutAtByte % 2 === 0 ? 'fin' : 'rst' });
      expect(whole.text.startsWith(cut.text)).toBe(true);
      // With the finish reason seen the answer is whole, whatever was cut behind it; without it, it never is.
      if (cut.isComplete)
        expect({ cutAtByte, isMarked: cutAtByte > marker, text: cut.text, reason: cut.reason }).toEqual({
          cutAtByte,
          isMarked: true,
          text: whole.text,
          reason: whole.reason,
        });
      else expect({ cutAtByte, errorKind: cut.errorKind }).toEqual({ cutAtByte, errorKind: 'invalid-response' });
    }
  });

  it('answers garbage and mutated streams with an error or a complete answer, never with a crash', async () => {
    let body: Buffer = Buffer.alloc(0);
    const server = await startTestServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body),
    );
    const fuzzed = subject.createAdapter({ baseUrl: server.url, apiKey: canaryKey });
    const mutation = fc.record({
      at: fc.nat(recorded.body.length - 1),
      remove: fc.nat(40),
      insert: fc.oneof(fc.string({ maxLength: 12 }), fc.json({ maxDepth: 2 })),
    });
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
          body = mutations.reduce(
            (bytes, { at, remove, insert }) =>
              Buffer.concat([bytes.subarray(0, at), Buffer.from(insert), bytes.subarray(at + remove)]),
            recorded.body,
          );
          const { isComplete, errorKind, terminalParts, isThrown } = summarise(await readParts(fuzzed, call()));
          expect(errorKind === undefined).toBe(isComplete);
          expect(terminalParts).toBe(isThrown ? 0 : 1);
          expect(errorKind ?? '').not.toContain('not a ProviderError');
        }),
        { numRuns: subject.cuts ?? 60 },
      );
    } finally {
      await server.stop();
    }
  });
}

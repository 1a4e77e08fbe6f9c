import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { Exchange } from './exchange.ts';
import { frameBody } from './framed-body.ts';
import { EventTooLargeError, type SseEvent, SseFramer } from './sse-framer.ts';

function frame(pieces: readonly string[], limit = 10_000): SseEvent[] {
  const framer = new SseFramer(limit);
  const events = pieces.flatMap((piece) => framer.push(piece));
  const last = framer.end();
  return last ? [...events, last] : events;
}

const stream =
  ': comment\n\nevent: message_start\r\ndata: {"a":1}\r\n\r\ndata:{"b":"🌊"}\rdata: {"c":3}\r\r\nid: 7\nretry: 10\ndata\n\ndata: [DONE]\n\nevent: lonely\n\n';

describe('SseFramer', () => {
  it('reads the forms that the standard allows', () => {
    expect(frame([stream])).toEqual([
      { event: 'message_start', data: '{"a":1}' },
      { event: undefined, data: '{"b":"🌊"}\n{"c":3}' },
      { event: undefined, data: '' },
      { event: undefined, data: '[DONE]' },
    ]);
  });

  it('reads the same however the text was cut', () => {
    const whole = frame([stream]);
    for (let at = 0; at <= stream.length; at += 1)
      expect(frame([stream.slice(0, at), stream.slice(at)])).toEqual(whole);
    expect(frame([...stream])).toEqual(whole);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('\r', '\n', '\r\n', 'data: x', 'event: e', ':', ' ', '{"a":1}', 'data:'), {
          maxLength: 30,
        }),
        fc.array(fc.nat(60), { maxLength: 6 }),
        (tokens, cuts) => {
          const text = tokens.join('');
          const positions = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
          const pieces = positions.slice(1).map((to, index) => text.slice(positions[index], to));
          expect(frame(pieces)).toEqual(frame([text]));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps an event that lacks its blank line for its reader to judge', () => {
    expect(frame(['data: {"a":1}\n'])).toEqual([{ event: undefined, data: '{"a":1}' }]);
    expect(frame(['data: {"a"'])).toEqual([{ event: undefined, data: '{"a"' }]);
  });

  it('refuses an event that is too large, whole or in pieces', () => {
    expect(() => frame([`data: ${'x'.repeat(200)}`], 100)).toThrow(EventTooLargeError);
    expect(() =>
      frame(
        Array.from({ length: 50 }, () => 'data: xxxxxxx\n'),
        100,
      ),
    ).toThrow(EventTooLargeError);
  });

  it('takes a huge event that comes in many small pieces', () => {
    // 6 MB in 6,000 pieces: copied once per piece it would outlast the test's limit.
    const framer = new SseFramer(8_000_000);
    framer.push('data: "');
    for (let piece = 0; piece < 6_000; piece += 1) expect(framer.push('x'.repeat(1_000))).toEqual([]);
    expect(framer.push('"\n\n')[0]?.data).toHaveLength(6_000_002);
  });
});

describe('frameBody', () => {
  async function read(pieces: readonly Uint8Array[]) {
    const exchange = new Exchange(new FakeClock(), true);
    const events: unknown[] = [];
    for await (const batch of frameBody(Readable.from(pieces), exchange)) events.push(...batch);
    return {
      events,
      failure: exchange.failure,
      warnings: exchange.warnings.length,
      isEndMarkerSeen: exchange.isEndMarkerSeen,
    };
  }
  const bytes = Buffer.from(
    'event: x\r\ndata: {"type":"ping"}\r\n\r\ndata: {"t":"a🌊上"}\n\ndata: nonsense\n\n: hello\n\ndata: {"type":"text_delta",\ndata: "x":1}\n\ndata: [DONE]\n\ndata: {"after":1}\n\n',
  );

  it('hands on sound events in one form, whatever byte the network cut at', async () => {
    const whole = await read([bytes]);
    expect(whole).toEqual({
      events: [{ t: 'a🌊上' }, { type: 'text_delta', x: 1 }],
      failure: undefined,
      warnings: 1,
      isEndMarkerSeen: true,
    });
    for (let at = 0; at <= bytes.length; at += 1)
      expect(await read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    for (const size of [1, 7]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(await read(pieces)).toEqual(whole);
    }
  });

  it('gives up at the second malformed event', async () => {
    expect(await read([Buffer.from('data: {"a":1}\n\ndata: x\n\ndata: y\n\ndata: {"b":1}\n\n')])).toMatchObject({
      events: [{ a: 1 }],
      failure: { type: 'malformed' },
    });
  });

  it('notes an error event in each vendor’s form and ends', async () => {
    const forms = [
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}',
      'data: {"error":{"code":503}}',
      'data: {"error":"busy"}',
      'data: {"id":"1","message":"overloaded"}',
      'event: error\ndata: {"x":1}',
    ];
    for (const form of forms)
      expect(await read([Buffer.from(`data: {"a":1}\n\n${form}\n\ndata: {"b":1}\n\n`)])).toMatchObject({
        events: [{ a: 1 }],
        failure: { type: 'in-band' },
      });
  });

  it('takes a whole last event without its blank line, and drops the stump of a cut one without a warning', async () => {
    expect(await read([Buffer.from('data: {"a":1}')])).toMatchObject({ events: [{ a: 1 }], warnings: 0 });
    expect(await read([Buffer.from('data: {"a":1}\n\ndata: {"b"')])).toMatchObject({
      events: [{ a: 1 }],
      warnings: 0,
      failure: undefined,
    });
  });
});

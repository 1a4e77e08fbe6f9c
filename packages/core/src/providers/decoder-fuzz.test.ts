import { Readable } from 'node:stream';
import { type SimulatedVendor, startSimulator } from '@switchyard/simulator';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSeededRandom, silentLog } from '../kernel/index.ts';
import { systemClock } from '../kernel/system.ts';
import { isContentPart, type ModelCall, ProviderError, type StreamPart } from '../spec/index.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { ask, readParts, summarise } from '../testing/read-parts.ts';
import { startRecorder } from '../testing/replay-server.ts';
import { Exchange } from './guarded-fetch/exchange.ts';
import { frameBody } from './guarded-fetch/framed-body.ts';
import { createRedactor } from './guarded-fetch/redactor.ts';
import { createModelAdapter, providerProfiles } from './index.ts';
import { runStream } from './run-stream.ts';
import { readSoundEvents } from './testing/read-sound-events.ts';
import { decoderOf, type StreamFixture, writtenFixtures } from './testing/stream-fixtures.ts';

/** Cases per kind; together above the 10,000 that the issue asks for. */
const cutCases = 3_000;
const pieceCases = 2_000;
const mutationCases = 6_000;

const models: Readonly<Record<SimulatedVendor, { plain: string; thinking: string | undefined }>> = {
  openai: { plain: 'gpt-4.1-mini', thinking: undefined },
  anthropic: { plain: 'claude-haiku-4-5', thinking: 'claude-haiku-4-5' },
  google: { plain: 'gemini-2.5-flash-lite', thinking: 'gemini-2.5-flash' },
  ollama: { plain: 'llama3.2', thinking: 'qwen3:8b' },
  huggingface: { plain: 'meta-llama/Llama-3.3-70B-Instruct', thinking: 'openai/gpt-oss-120b' },
  cohere: { plain: 'command-a-03-2025', thinking: undefined },
  custom: { plain: 'demo-model', thinking: undefined },
};
const tide = {
  name: 'get_tide',
  inputSchema: { type: 'object', properties: { port: { type: 'string' } }, required: ['port'] },
} as const;

/** Plays every profile's answers once: a text, a tool call, a thought. */
async function recordFixtures(): Promise<StreamFixture[]> {
  const simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
  const recorder = await startRecorder(simulator.url);
  const fixtures: StreamFixture[] = [];
  for (const [type, { plain, thinking }] of Object.entries(models) as [SimulatedVendor, (typeof models)['openai']][]) {
    const connection = {
      id: type,
      type,
      baseUrl: recorder.url + new URL(simulator.baseUrls[type]).pathname,
      apiKey: 'key-for-this-test-0123456789',
      addressPolicy: 'allow-private' as const,
    };
    const adapter = createModelAdapter(connection, { clock: systemClock, log: silentLog });
    const record = async (name: string, call: ModelCall, fixedAnswer: string | null) => {
      simulator.control.updateSettings({ fixedAnswer });
      expect(summarise(await readParts(adapter, call))).toMatchObject({ isComplete: true, errorKind: undefined });
      fixtures.push({
        name: `${type}: ${name}`,
        protocol: providerProfiles[type].protocol,
        body: recorder.last().body,
      });
    };
    const answer = 'Naïve tides 🌊 rise, “fall” and 上昇する.\n\nDone.';
    await record('text', ask(plain, 'Describe the tides.'), answer);
    const tools = { tools: [tide], toolChoice: 'required' } as const;
    await record('tool call', ask(plain, 'How high is the tide in Brest?', tools), null);
    const effort = { reasoningEffort: 'low', maxOutputTokens: 6_000 } as const;
    if (thinking) await record('thought', ask(thinking, 'Why tides?', effort), answer);
  }
  await recorder.stop();
  await simulator.stop();
  return fixtures;
}

interface Played {
  readonly parts: readonly StreamPart[];
  readonly thrown: unknown;
}

/** Runs bytes through framer, exchange, decoder and shell, as a connection would deliver them. */
async function play(fixture: StreamFixture, pieces: readonly Uint8Array[], isBroken = false): Promise<Played> {
  const exchange = new Exchange(new FakeClock(), true);
  const context = { provider: 'p', displayName: 'P', model: 'm', rules: [], redact: createRedactor([]) };
  const parts: StreamPart[] = [];
  async function* deliver() {
    yield* pieces;
    if (isBroken) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  }
  const open = async () => {
    exchange.events = frameBody(Readable.from(deliver()), exchange);
  };
  const run = { exchange, context, decoder: decoderOf(fixture.protocol), warnings: [], log: silentLog, open };
  try {
    for await (const part of runStream(run, new AbortController().signal)) parts.push(part);
    return { parts, thrown: undefined };
  } catch (thrown) {
    return { parts, thrown };
  }
}

/** What must hold whatever was sent: answers what is wrong, or undefined. */
function findBreach(fixture: StreamFixture, sent: Uint8Array, { parts, thrown }: Played): string | undefined {
  const isTerminal = (part: StreamPart) => part.type === 'stream-end' || part.type === 'stream-error';
  if (thrown !== undefined && !(thrown instanceof ProviderError)) return `threw ${String(thrown)}`;
  if (thrown !== undefined && parts.some(isContentPart)) return 'threw after content';
  if (parts.filter(isTerminal).length !== (thrown === undefined ? 1 : 0)) return 'has not one terminal part';
  const last = parts.at(-1);
  if (thrown === undefined && !(last && isTerminal(last))) return 'goes on after its terminal part';
  const isGapped = last?.type === 'stream-end' && last.warnings?.some(({ type }) => type === 'malformed-event');
  if (isGapped && parts.some((part) => part.type === 'tool-call')) return 'calls a tool although an event was lost';
  const truth = readSoundEvents(fixture.protocol, sent);
  if (last?.type === 'stream-end' && !truth.isFinished) return 'is complete without a finish reason';
  let at = -1;
  for (const part of parts) {
    if (part.type !== 'text-delta' && part.type !== 'reasoning-delta') continue;
    at = truth.pieces.indexOf(part.delta, at + 1);
    if (at < 0) return `says what no sound event said: ${JSON.stringify(part.delta)}`;
  }
  return undefined;
}

let fixtures: readonly StreamFixture[];
const wholes = new Map<StreamFixture, Played>();
beforeAll(async () => {
  fixtures = [...(await recordFixtures()), ...writtenFixtures];
  for (const fixture of fixtures) {
    const whole = await play(fixture, [fixture.body]);
    expect({ fixture: fixture.name, end: whole.parts.at(-1)?.type }).toEqual({
      fixture: fixture.name,
      end: 'stream-end',
    });
    wholes.set(fixture, whole);
  }
});

/** Runs `cases` numbered cases over all fixtures in turn; answers how many were run. */
async function forEachCase(
  cases: number,
  check: (fixture: StreamFixture, whole: Played, draw: (below: number) => number) => Promise<string | undefined>,
): Promise<number> {
  let run = 0;
  for (; run < cases; run += 1) {
    const fixture = fixtures[run % fixtures.length] as StreamFixture;
    const random = createSeededRandom(run + 1);
    const breach = await check(fixture, wholes.get(fixture) as Played, (below) => Math.floor(random.next() * below));
    if (breach) throw new Error(`Case ${run} (${fixture.name}) ${breach}`);
  }
  return run;
}

// A guard against a hang, not a measure: on one free core all cases together take about ten seconds.
describe('every decoder, fed through framer and shell', { timeout: 120_000 }, () => {
  it('gives the same parts however the bytes are cut into pieces', async () => {
    const run = await forEachCase(pieceCases, async (fixture, whole, draw) => {
      const pieces: Uint8Array[] = [];
      // The smallest pieces take the longest: an event stream byte by byte is thousands of reads.
      const longest = draw(20) === 0 ? 1 : ([40, 200, 1_000, 4_000][draw(4)] as number);
      for (let at = 0; at < fixture.body.length; ) {
        const size = 1 + draw(longest);
        pieces.push(fixture.body.subarray(at, at + size));
        at += size;
      }
      const { parts } = await play(fixture, pieces);
      return JSON.stringify(parts) === JSON.stringify(whole.parts)
        ? undefined
        : `depends on pieces of ${longest} bytes`;
    });
    expect(run).toBe(pieceCases);
  });

  it('takes no cut stream for a complete one, and none that has its finish reason for a cut one', async () => {
    const contentOf = (parts: readonly StreamPart[]) => parts.filter(isContentPart).map((part) => JSON.stringify(part));
    const run = await forEachCase(cutCases, async (fixture, whole, draw) => {
      const sent = fixture.body.subarray(0, draw(fixture.body.length));
      const isBroken = draw(2) === 0;
      const played = await play(fixture, [sent], isBroken);
      const breach = findBreach(fixture, sent, played);
      if (breach) return breach;
      // An event whose end nobody saw counts when the stream ended in order, not when its connection broke.
      const said = isBroken ? withoutOpenEvent(sent) : sent;
      const all = contentOf(whole.parts);
      const content = contentOf(played.parts);
      if (content.some((part, index) => part !== all[index])) return 'is no beginning of the whole';
      const isComplete = played.parts.at(-1)?.type === 'stream-end';
      if (isComplete !== readSoundEvents(fixture.protocol, said).isFinished) return 'misjudges its end';
      return isComplete && content.length !== all.length ? 'lacks content' : undefined;
    });
    expect(run).toBe(cutCases);
  });

  it('survives bytes and events that are changed, lost, doubled or out of order', async () => {
    let failures = 0;
    const run = await forEachCase(mutationCases, async (fixture, _whole, draw) => {
      const sent = mutate(fixture.body, draw);
      const played = await play(fixture, [sent], draw(8) === 0);
      if (played.parts.at(-1)?.type !== 'stream-end') failures += 1;
      return findBreach(fixture, sent, played);
    });
    expect(run).toBe(mutationCases);
    // Neither all nothing nor all harmless: the mutations reach what they are meant for.
    expect(failures).toBeGreaterThan(mutationCases / 20);
    expect(failures).toBeLessThan(mutationCases * 0.95);
    expect(cutCases + pieceCases + mutationCases).toBeGreaterThanOrEqual(10_000);
  });
});

/** The bytes up to the last blank line. */
function withoutOpenEvent(sent: Buffer): Buffer {
  const end = Math.max(sent.lastIndexOf('\n\n'), sent.lastIndexOf('\n\r\n') + 1);
  return sent.subarray(0, end < 1 ? 0 : end + 2);
}

const garbage = [
  '{',
  '}',
  '"',
  '\\',
  '\n',
  '\n\n',
  '\r',
  'null',
  '[]',
  '1e999',
  '\u0000',
  'data: ',
  'data: [DONE]\n\n',
  ': x\n',
];
const intruders = [
  'data: not json\n\n',
  'data: {"choices":[{"delta":7,"finish_reason":{}}]}\n\n',
  'data: {"choices":{"0":{}},"usage":[]}\n\n',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":"0","delta":{"type":"text_delta","text":5}}\n\n',
  'event: message_delta\ndata: {"type":"message_delta","delta":null,"usage":{"output_tokens":-1}}\n\n',
  'data: {"candidates":[null,{"content":{"parts":[null,{"text":{}},{"functionCall":"x"}]}}]}\n\n',
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  'data: {"error":{"message":"Rate limit reached","code":429}}\n\n',
  'data: []\n\n',
  'data: "text"\n\n',
];

/** One to three changes of bytes or of whole events. */
function mutate(body: Buffer, draw: (below: number) => number): Buffer {
  let bytes = body;
  for (let change = 1 + draw(3); change > 0; change -= 1) bytes = mutateOnce(bytes, draw);
  return bytes;
}

function mutateOnce(bytes: Buffer, draw: (below: number) => number): Buffer {
  const kind = draw(8);
  if (kind < 3) {
    const at = draw(bytes.length + 1);
    const insert =
      kind === 0 ? Buffer.from([draw(256)]) : Buffer.from(kind === 1 ? (garbage[draw(garbage.length)] as string) : '');
    return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + draw(kind === 2 ? 60 : 2))]);
  }
  const events = bytes.toString('latin1').split(/(?<=\r?\n\r?\n)/);
  const at = draw(events.length);
  const [event = ''] = events.slice(at);
  if (kind === 3) events.splice(at, 1);
  else if (kind === 4) events.splice(draw(events.length), 0, event);
  else if (kind === 5) events.splice(draw(events.length), 0, ...events.splice(at, 1));
  else if (kind === 6) events.splice(at, 0, intruders[draw(intruders.length)] as string);
  // A value of one type becomes another.
  else
    events[at] = event.replace(/:(?:"[^"]*"|\d+|null|\{\})/, `:${['null', '7', '"x"', '[]', '{}', 'true'][draw(6)]}`);
  return Buffer.from(events.join(''), 'latin1');
}

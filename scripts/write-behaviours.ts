/**
 * Drives every promised behaviour of the dispatch in full length against the simulator and writes what was seen to
 * `docs/dispatch-behaviours.md`: `node scripts/write-behaviours.ts`. Takes about two minutes.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../packages/api/src/env.ts';
import { createApiServer } from '../packages/api/src/server.ts';
import { type Behaviour, entrances, type Observation } from '../packages/api/src/testing/behaviours/behaviour.ts';
import { dispatchBehaviours } from '../packages/api/src/testing/behaviours/behaviours.ts';
import {
  driveBehaviour,
  startCases,
  writeConfiguration,
} from '../packages/api/src/testing/behaviours/drive-behaviour.ts';

const key = 'sk-behaviours-0123456789abcdef';
const behaviours = dispatchBehaviours(1);
const folder = await mkdtemp(join(tmpdir(), 'switchyard-behaviours-'));
const cases = await startCases(behaviours, entrances);
const path = join(folder, 'switchyard.yaml');
await writeFile(path, writeConfiguration(cases, 0));
const environment = {
  PORT: '0',
  SWITCHYARD_CONFIG: path,
  SWITCHYARD_SIMULATOR: 'off',
  BEHAVIOUR_KEY: 'sk-behaviour',
  SWITCHYARD_INIT_OWNER_EMAIL: 'owner@switchyard.test',
  SWITCHYARD_INIT_OWNER_PASSWORD: 'correct horse battery',
  SWITCHYARD_INIT_API_KEY: key,
  LOG_LEVEL: 'silent',
};
const server = createApiServer(readSettings(environment, folder));
const { url } = await server.start();
const door = { url, key };

/** `whole answer of the fallback, 2 + 1 calls, 1.3 s`, or what was not as promised. */
function describeSeen(behaviour: Behaviour, seen: Observation): string {
  const complaints = behaviour.judge(seen);
  if (complaints.length > 0) return `**${complaints.join('; ')}**`;
  const calls = `${seen.primaryCalls.length} + ${seen.fallbackCalls.length}`;
  if (behaviour.traffic) {
    const recovered = seen.answers.find(
      (answer) => answer.atMs > (behaviour.traffic?.recoverAfterMs ?? 0) && answer.modelId?.startsWith('primary-'),
    );
    const during = seen.primaryCalls.filter((call) => call.startedAt < (seen.recoveredAtMs ?? 0)).length;
    const backMs = (recovered?.atMs ?? Number.NaN) - behaviour.traffic.recoverAfterMs;
    return `all ${seen.answers.length} answered; ${during} calls of the primary in the outage; back after ${seconds(backMs)}`;
  }
  const [answer] = seen.answers;
  if (!answer) return 'no request';
  const who =
    answer.text === seen.primaryText ? 'primary' : answer.text === seen.fallbackText ? 'fallback' : 'continued';
  const outcome = answer.isWhole
    ? who === 'continued'
      ? 'answer continued by the fallback'
      : `${who} answers`
    : 'error';
  return `${outcome}, ${calls}, ${seconds(answer.elapsedMs)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

const seen = new Map<string, string>();
await Promise.all(
  cases.map(async (testCase) =>
    seen.set(testCase.name, describeSeen(testCase.behaviour, await driveBehaviour(door, testCase))),
  ),
);
await server.stop();
await Promise.all(cases.map(({ simulator }) => simulator.stop()));
await rm(folder, { recursive: true, force: true });

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const text = [
  '# What becomes of a failing provider',
  '',
  'A chain of two models, 3 attempts each, timeouts of 30 s. `node scripts/write-behaviours.ts` broke the first one (an OpenAI model of the',
  'simulator, over its real wire protocol) in each of these ways and wrote down what a client saw, through three entrances: a whole answer of',
  '`POST /v1/chat/completions`, a stream of it, and GraphQL `complete`. Each cell says who answered, how many calls reached the primary + the',
  'fallback, and how long it took. `dispatch-behaviours.integration.test.ts` drives the same behaviours in every test run.',
  '',
  row(['upstream', 'promise', '`/v1`', '`/v1` streamed', 'GraphQL']),
  row(['---', '---', '---', '---', '---']),
  ...behaviours.map((behaviour) =>
    row([
      behaviour.situation,
      behaviour.promise,
      ...entrances.map((entrance) => seen.get(`${behaviour.id}-${entrance}`) ?? '–'),
    ]),
  ),
  '',
  'A stream of `/v1` cannot take back what it sent. When it breaks off after its first token, it is continued by a model that accepts a prefill,',
  'or ends with an error event and without `[DONE]`. Ask for `delivery: hold-back` in the chain to get only whole answers.',
  '',
].join('\n');
await writeFile(join(import.meta.dirname, '../docs/dispatch-behaviours.md'), text);
console.log(text);
process.exit([...seen.values()].some((cell) => cell.startsWith('**')) ? 1 : 0);

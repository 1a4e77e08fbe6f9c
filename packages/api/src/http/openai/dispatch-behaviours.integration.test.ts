import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Behaviour, type Entrance, entrances } from '../../testing/behaviours/behaviour.ts';
import { dispatchBehaviours } from '../../testing/behaviours/behaviours.ts';
import {
  type BehaviourCase,
  driveBehaviour,
  startCases,
  writeConfiguration,
} from '../../testing/behaviours/drive-behaviour.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

// The long outage is shortened, together with the circuit's cool-down; `scripts/write-behaviours.ts` drives it in full.
const scale = 1 / 4;
const behaviours = dispatchBehaviours(scale);
const single = behaviours.filter(({ traffic }) => traffic === undefined);
const steady = behaviours.filter(({ traffic }) => traffic !== undefined);

let server: TestServer;
let folder: string;
let cases: readonly BehaviourCase[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-behaviours-'));
  cases = await startCases(behaviours, entrances);
  const path = join(folder, 'switchyard.yaml');
  await writeFile(path, writeConfiguration(cases, 25_000 * scale));
  const environment = { SWITCHYARD_CONFIG: path, BEHAVIOUR_KEY: 'sk-behaviour' };
  server = await startTestServer({ isWithoutSimulator: true, environment });
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await Promise.all((cases ?? []).map(({ simulator }) => simulator.stop()));
  await rm(folder, { recursive: true, force: true });
});

function caseOf(behaviour: Behaviour, entrance: Entrance): BehaviourCase {
  const testCase = cases.find((candidate) => candidate.entrance === entrance && candidate.behaviour === behaviour);
  if (!testCase) throw new Error(`There is no case of ${behaviour.id} through ${entrance}.`);
  return testCase;
}

describe.concurrent.each(entrances)('through %s', (entrance) => {
  test.each(single.map((behaviour) => [behaviour.situation, behaviour.promise, behaviour] as const))(
    '%s: %s',
    { timeout: 60_000 },
    async (_situation, _promise, behaviour) => {
      expect(behaviour.judge(await driveBehaviour(server, caseOf(behaviour, entrance)))).toEqual([]);
    },
  );
});

// After the others, whose start holds up everything for seconds: requests of steady traffic must not overlap by that.
describe('through every entrance', () => {
  test.each(steady.map((behaviour) => [behaviour.situation, behaviour.promise, behaviour] as const))(
    '%s: %s',
    { timeout: 90_000 },
    async (_situation, _promise, behaviour) => {
      const drive = async (entrance: Entrance) => [
        entrance,
        behaviour.judge(await driveBehaviour(server, caseOf(behaviour, entrance))),
      ];
      const seen = await Promise.all(entrances.map(drive));
      expect(seen).toEqual(entrances.map((entrance) => [entrance, []]));
    },
  );
});

import { type Simulator, startSimulator } from '@switchyard/simulator';
import type { Answer, Behaviour, Entrance, Observation } from './behaviour.ts';
import { type Asked, askThrough, type Door } from './entrances.ts';

const primaryModel = 'gpt-4o-mini';
const fallbackModel = 'claude-haiku-4-5';
const defaultPrompt = 'Explain in three paragraphs how a railway junction works.';

/** A behaviour on its way through one entrance, with vendors of its own, so that all can be driven side by side. */
export interface BehaviourCase {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly entrance: Entrance;
  readonly simulator: Simulator;
}

/** Starts the vendors of every behaviour and entrance. */
export async function startCases(
  behaviours: readonly Behaviour[],
  entrances: readonly Entrance[],
): Promise<readonly BehaviourCase[]> {
  const cases: BehaviourCase[] = [];
  for (const behaviour of behaviours) {
    for (const entrance of behaviour.entrances ?? entrances) {
      const simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
      cases.push({ name: `${behaviour.id}-${entrance}`, behaviour, entrance, simulator });
    }
  }
  return cases;
}

/** `switchyard.yaml` with a primary, a fallback and a chain for each case: 2 retries, 30 s timeouts. */
export function writeConfiguration(cases: readonly BehaviourCase[], coolDownMs: number): string {
  const lines = [
    'version: 1',
    'defaults:',
    '  retry: { max_attempts: 3 }',
    '  deadlines: { first_token_ms: 30000, idle_ms: 30000, total_ms: 30000 }',
    ...(coolDownMs === 0 ? [] : [`  circuit: { cool_down_ms: ${coolDownMs}, max_cool_down_ms: ${coolDownMs * 2} }`]),
    'providers:',
    ...cases.flatMap(({ name, simulator, behaviour: { traffic } }) => [
      ...provider(`primary-${name}`, 'openai', simulator.baseUrls.openai),
      ...(traffic ? [`    retry: { initial_delay_ms: ${1_000 * traffic.scale} }`] : []),
      ...provider(`fallback-${name}`, 'anthropic', simulator.baseUrls.anthropic),
    ]),
    'chains:',
    ...cases.map(({ name, behaviour }) => {
      const models = `models: [primary-${name}/${primaryModel}, fallback-${name}/${fallbackModel}]`;
      return `  chain-${name}: { ${models}${behaviour.delivery ? `, delivery: ${behaviour.delivery}` : ''} }`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function provider(id: string, type: string, baseUrl: string): readonly string[] {
  return [
    `  - id: ${id}`,
    `    type: ${type}`,
    `    base_url: ${baseUrl}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own form of a reference.
    '    api_key: ${BEHAVIOUR_KEY}',
    '    allow_private_network: true',
  ];
}

/** Drives one case against a server that was started with {@link writeConfiguration}. */
export async function driveBehaviour(door: Door, testCase: BehaviourCase): Promise<Observation> {
  const { name, behaviour, entrance, simulator } = testCase;
  const { control } = simulator;
  const prompt = behaviour.prompt ?? defaultPrompt;
  const ask = (model: string, startMs: number) => askThrough(door, entrance, model, prompt).then(timed(startMs));
  const primaryText = (await askThrough(door, 'v1', `primary-${name}/${primaryModel}`, prompt)).text;
  const fallbackText = (await askThrough(door, 'v1', `fallback-${name}/${fallbackModel}`, prompt)).text;
  control.clearRequests();
  for (const fault of behaviour.faults) control.addFault(fault);
  const startMs = performance.now();
  const { requests, everyMs, recoverAfterMs } = behaviour.traffic ?? { requests: 1, everyMs: 0 };
  let recoveredAtMs: number | undefined;
  const recovery =
    recoverAfterMs === undefined
      ? undefined
      : waitMs(recoverAfterMs).then(() => {
          control.clearFaults();
          recoveredAtMs = Date.now();
        });
  const pending: Promise<Answer>[] = [];
  for (let index = 0; index < requests; index += 1) {
    await waitMs(startMs + index * everyMs - performance.now());
    pending.push(ask(`chain-${name}`, startMs));
  }
  const answers = await Promise.all(pending);
  await recovery;
  const calls = control.requests().filter((call) => call.path !== '/v1/models');
  return {
    answers,
    primaryCalls: calls.filter(({ vendor }) => vendor === 'openai'),
    fallbackCalls: calls.filter(({ vendor }) => vendor === 'anthropic'),
    primaryText,
    fallbackText,
    recoveredAtMs,
  };
}

function timed(startMs: number): (asked: Asked) => Answer {
  return (asked) => ({ ...asked, atMs: Math.round(performance.now() - startMs) });
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

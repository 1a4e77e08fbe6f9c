import { createSeededRandom } from '../../kernel/index.ts';
import type { CallRecord } from '../../metrics/index.ts';
import {
  type CallLimits,
  CircuitBreakers,
  ConcurrencyLimits,
  defaultRetrySettings,
  RecentCalls,
  RetryBudgets,
  type RetrySettings,
} from '../../policies/index.ts';
import type { ModelAdapter, ModelCall, StreamPart } from '../../spec/index.ts';
import { FakeClock, type Script, ScriptedAdapter } from '../../testing/index.ts';
import {
  type ChainDependencies,
  type ChainEvent,
  type ChainListener,
  type ChainOutcome,
  type ChainPolicy,
  circuitKeyOf,
  type DispatchTarget,
  defaultChainPolicy,
  type OutputReset,
  runChain,
} from '../index.ts';

export const question: ModelCall = {
  model: 'm',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
};
export const purpose = { teamId: 'team_1', source: 'complete' } as const;

/** One delta of text as a script's step. */
export const delta = (text: string) => ({ type: 'part', part: { type: 'text-delta', id: 't', delta: text } }) as const;

/** A chain's world: 2 retries, 30 s deadlines, everything shared but what a test replaces. */
export function setUpWorld(
  policy: Partial<ChainPolicy> = {},
  retry: Partial<RetrySettings> = {},
  limitOf?: (providerId: string) => number | CallLimits | undefined,
) {
  const clock = new FakeClock();
  const records: CallRecord[] = [];
  let ids = 0;
  const dependencies: ChainDependencies = {
    clock,
    ids: {
      next: (prefix) => {
        ids += 1;
        return `${prefix}_${ids}`;
      },
    },
    recorder: { record: (record) => void records.push(record) },
    deadlines: { firstTokenMs: 30_000, idleMs: 30_000, totalMs: 30_000 },
    random: createSeededRandom(7),
    policy: { ...defaultChainPolicy, overallMs: 30_000, ...policy, retry: { ...defaultRetrySettings, ...retry } },
    circuits: new CircuitBreakers({ clock }),
    recentCalls: new RecentCalls(clock),
    retryBudgets: new RetryBudgets(clock),
    concurrency: new ConcurrencyLimits(clock, limitOf),
  };
  return { clock, records, dependencies };
}

export type World = ReturnType<typeof setUpWorld>;

/** A candidate that plays scripts, one per call; the last repeats. Its provider is named before the slash of `modelId`. */
export function scripted(
  world: World,
  modelId: string,
  scripts: readonly Script[],
  more: Partial<DispatchTarget> = {},
) {
  const adapter = new ScriptedAdapter({ clock: world.clock, scripts });
  return { ...toTarget(modelId, adapter), ...more, adapter };
}

export function toTarget(modelId: string, adapter: ModelAdapter): DispatchTarget {
  const [providerId = '', vendorModelId = ''] = modelId.split('/');
  return { providerId, modelId, vendorModelId, origin: 'simulated', adapter, price: undefined };
}

/** Opens the circuit of `target`. */
export function breakCircuit(world: World, target: DispatchTarget): void {
  for (;;) {
    const entry = world.dependencies.circuits.enter(circuitKeyOf(target));
    if (!entry.isAdmitted) return;
    entry.settle('failure');
  }
}

/** What a reader of a chain saw. */
export interface Seen {
  text: string;
  readonly parts: StreamPart[];
  readonly resets: OutputReset[];
  readonly events: ChainEvent[];
  outcome: ChainOutcome | undefined;
  thrown: unknown;
  /** On the monotonic clock. */
  endedAtMs: number | undefined;
}

/** Starts a chain and gathers what its reader sees; move the clock to let it go on. */
export function startChain(
  world: World,
  candidates: readonly DispatchTarget[],
  options: {
    readonly signal?: AbortSignal;
    readonly listener?: Partial<ChainListener>;
    readonly question?: Partial<ModelCall>;
  } = {},
): Seen {
  const seen: Seen = {
    text: '',
    parts: [],
    resets: [],
    events: [],
    outcome: undefined,
    thrown: undefined,
    endedAtMs: undefined,
  };
  const listener: ChainListener = {
    onPart: (part) => {
      seen.parts.push(part);
      if (part.type === 'text-delta') seen.text += part.delta;
    },
    onReset: (reset) => {
      seen.resets.push(reset);
      seen.text = '';
    },
    onEvent: (event) => void seen.events.push(event),
    ...options.listener,
  };
  runChain(candidates, { ...question, ...options.question }, purpose, world.dependencies, listener, options.signal)
    .then(
      (outcome) => {
        seen.outcome = outcome;
      },
      (thrown: unknown) => {
        seen.thrown = thrown;
      },
    )
    .finally(() => {
      seen.endedAtMs = world.clock.monotonicMs();
    });
  return seen;
}

/** Runs a chain to its end, at most ten minutes of the fake clock. */
export async function playChain(...given: Parameters<typeof startChain>): Promise<Seen & { outcome: ChainOutcome }> {
  const { clock } = given[0];
  const seen = startChain(...given);
  const limitMs = clock.monotonicMs() + 600_000;
  while (seen.endedAtMs === undefined && clock.monotonicMs() < limitMs) await clock.advanceAsync(500);
  if (!seen.outcome) throw seen.thrown ?? new Error('The chain did not end.');
  return seen as Seen & { outcome: ChainOutcome };
}

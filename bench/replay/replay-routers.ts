import type { Random } from '@switchyard/core/kernel';
import {
  type AdaptiveSettings,
  chooseGreedily,
  compileSnapshot,
  defaultAdaptiveSettings,
  defaultCriterionWeights,
  emptyAdaptiveState,
  learnRewards,
  planRoute,
  type RewardObservation,
  type RoutingInputs,
  sampleBeta,
} from '@switchyard/core/routing';
import type { ReplayRow } from './replay-data.ts';

/** What a router may know of a request besides its prompt: the world as it is now. */
export interface ReplayWorld {
  /** USD per million tokens, by the model's place; undefined: cost does not matter. */
  readonly pricesUsd?: readonly number[];
  readonly isDown?: readonly boolean[];
}

/** One router under test. It sees the reward of what it chose, never the others'. */
export interface ReplayRouter {
  choose(row: ReplayRow, world: ReplayWorld): number;
  learn(row: ReplayRow, chosen: number, quality: number): void;
}

export const routers = {
  random: (count: number, random: Random): ReplayRouter => ({
    choose: () => Math.floor(random.next() * count),
    learn: () => undefined,
  }),
  'ε-greedy (0.1)': (count: number, random: Random): ReplayRouter => {
    const sums = new Array<number>(count).fill(0);
    const counts = new Array<number>(count).fill(0);
    return {
      choose: () =>
        chooseGreedily(
          sums.map((sum, arm) => (counts[arm] ? sum / counts[arm] : 1)),
          0.1,
          random,
        ).index,
      learn: (_row, chosen, quality) => {
        sums[chosen] = (sums[chosen] ?? 0) + quality;
        counts[chosen] = (counts[chosen] ?? 0) + 1;
      },
    };
  },
  Thompson: (count: number, random: Random): ReplayRouter => betaThompson(count, random, () => ''),
  'Thompson per task (labels)': (count: number, random: Random): ReplayRouter =>
    betaThompson(count, random, ({ taskClass }) => taskClass),
} as const;

/** Textbook Thompson sampling: Beta(1, 1) priors; a fractional reward is split between success and failure. */
function betaThompson(count: number, random: Random, keyOf: (row: ReplayRow) => string): ReplayRouter {
  const arms = new Map<string, { readonly wins: number[]; readonly losses: number[] }>();
  const armsOf = (row: ReplayRow) => {
    const known = arms.get(keyOf(row));
    if (known) return known;
    const fresh = { wins: new Array<number>(count).fill(1), losses: new Array<number>(count).fill(1) };
    arms.set(keyOf(row), fresh);
    return fresh;
  };
  return {
    choose(row) {
      const { wins, losses } = armsOf(row);
      const draws = wins.map((win, arm) => sampleBeta(win, losses[arm] ?? 1, random));
      return draws.indexOf(Math.max(...draws));
    },
    learn(row, chosen, quality) {
      const { wins, losses } = armsOf(row);
      wins[chosen] = (wins[chosen] ?? 0) + quality;
      losses[chosen] = (losses[chosen] ?? 0) + 1 - quality;
    },
  };
}

/** Rewards that come in between two snapshots. */
const rewardsPerSnapshot = 20;
const capabilities = { text: true, vision: false, tools: false, json: false, reasoning: false, streaming: true };

/** The product: `planRoute` with the adaptive strategy over snapshots that are renewed every 20 rewards. */
export function switchyardRouter(
  models: readonly string[],
  random: Random,
  options: { readonly hasLabels?: boolean; readonly settings?: Partial<AdaptiveSettings> } = {},
): ReplayRouter {
  const settings = { ...defaultAdaptiveSettings, ...options.settings };
  const featuresOf = (row: ReplayRow) => (options.hasLabels ? row.labelledFeatures : row.features);
  let learned = emptyAdaptiveState;
  let pending: RewardObservation[] = [];
  let last: { readonly scopes: readonly string[]; readonly expectedQuality: number } | undefined;
  let snapshot: ReturnType<typeof compileSnapshot> | undefined;
  let seen: ReplayWorld | undefined;
  const inputsFor = ({ pricesUsd, isDown }: ReplayWorld): RoutingInputs => ({
    version: 'replay',
    teamId: 'team',
    builtAtMs: 0,
    models: models.map((modelId, place) => {
      const perMillionUsd = String(pricesUsd?.[place] ?? 0);
      return {
        modelId,
        providerId: 'replay',
        equivalents: [],
        capabilities,
        price: { price: { input: { perMillionUsd }, output: { perMillionUsd } }, source: 'replay' },
        health: isDown?.[place] ? 'down' : 'healthy',
        inFlight: 0,
      } as const;
    }),
    rules: [],
    timeZone: 'UTC',
    budgets: [],
    defaultStrategy: 'adaptive',
    weights: defaultCriterionWeights,
    adaptive: settings,
    learned,
  });
  return {
    choose(row, world) {
      if (!snapshot || seen !== world) snapshot = compileSnapshot(inputsFor(world));
      seen = world;
      const plan = planRoute(
        {
          teamId: 'team',
          atMs: 0,
          features: featuresOf(row),
          inputTokens: tokensOf(row),
          maxOutputTokens: outputTokens,
          ...(options.hasLabels && { taskClass: row.taskClass }),
        },
        snapshot,
        random,
      );
      const [first] = plan.candidates;
      last = { scopes: plan.learningScopes, expectedQuality: first?.expectedQuality ?? 0.5 };
      return models.indexOf(first?.modelId ?? '');
    },
    learn(row, chosen, quality) {
      pending.push({
        ...(last ?? { scopes: ['team'] }),
        modelId: models[chosen] ?? '',
        features: featuresOf(row),
        quality,
      });
      if (pending.length < rewardsPerSnapshot) return;
      learned = learnRewards(learned, pending, settings);
      pending = [];
      snapshot = undefined;
    },
  };
}

const outputTokens = 300;

function tokensOf({ promptChars }: ReplayRow): number {
  return Math.ceil(promptChars / 4);
}

/** What a call costs in USD at the world's price, as the router reckons it. */
export function costOf(row: ReplayRow, chosen: number, { pricesUsd }: ReplayWorld): number {
  return ((pricesUsd?.[chosen] ?? 0) * (tokensOf(row) + outputTokens)) / 1e6;
}

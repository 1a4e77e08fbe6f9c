import type { AdaptiveAlgorithm, PreferencesFieldsFragment, SaveRoutingSettingsInput } from '../../gql/routing.ts';
import { type CriterionWeights, criterionNames } from './criterion-weights.ts';
import type { Strategy } from './draft-rule.ts';

type Preferences = Omit<PreferencesFieldsFragment, '__typename'>;

/** What one scope says, as it stands in the form; null is what the next wider scope says. */
export interface PreferenceValues {
  strategy: Strategy | null;
  weights: CriterionWeights | null;
  algorithm: AdaptiveAlgorithm | null;
  costWeightPerUsd: number | null;
  latencyWeightPerSecond: number | null;
  explorationPercent: number | null;
  explorationScale: number | null;
  halfLifeRewards: number | null;
  priorStrength: number | null;
  detectsDrift: boolean | null;
  maxCostUsd: string;
  maxLatencyMs: number | null;
  maxTimeToFirstTokenMs: number | null;
  minQuality: number | null;
  isStrict: boolean | null;
  allowsEquivalents: boolean | null;
  timeZone: string | null;
}

/** What holds when no scope says anything; shown as placeholders. */
export const usualAdaptive = {
  costWeightPerUsd: 2,
  latencyWeightPerSecond: 0.005,
  explorationPercent: 1,
  explorationScale: 1,
} as const;

const algorithms: Readonly<Record<string, AdaptiveAlgorithm>> = {
  contextual: 'CONTEXTUAL',
  thompson: 'THOMPSON',
  'epsilon-greedy': 'EPSILON_GREEDY',
};

export function preferenceForm(preferences: Preferences | undefined): PreferenceValues {
  const { adaptive, limits, weights } = preferences ?? {};
  return {
    strategy: preferences?.strategy ?? null,
    weights: weights
      ? (Object.fromEntries(criterionNames.map((name) => [name, weights[name]])) as CriterionWeights)
      : null,
    algorithm: algorithms[adaptive?.algorithm ?? ''] ?? null,
    costWeightPerUsd: adaptive?.costWeight ?? null,
    latencyWeightPerSecond: adaptive?.latencyWeightPerSecond ?? null,
    explorationPercent:
      adaptive?.explorationShare == null ? null : Number((adaptive.explorationShare * 100).toFixed(4)),
    explorationScale: adaptive?.explorationScale ?? null,
    halfLifeRewards: adaptive?.halfLifeRewards ?? null,
    priorStrength: adaptive?.priorStrength ?? null,
    detectsDrift: adaptive?.detectsDrift ?? null,
    maxCostUsd: limits?.maxCostUsd ?? '',
    maxLatencyMs: limits?.maxLatencyMs ?? null,
    maxTimeToFirstTokenMs: limits?.maxTimeToFirstTokenMs ?? null,
    minQuality: limits?.minQuality ?? null,
    isStrict: preferences?.isStrict ?? null,
    allowsEquivalents: preferences?.allowsEquivalents ?? null,
    timeZone: preferences?.timeZone ?? null,
  };
}

function withoutEmpty<Values extends object>(values: Values): { [Name in keyof Values]?: NonNullable<Values[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== '')) as never;
}

/** The whole of what the scope is to say; what is null is left to the next wider scope. */
export function preferenceInput(scope: string, revision: number, values: PreferenceValues): SaveRoutingSettingsInput {
  const { explorationPercent, maxCostUsd, maxLatencyMs, maxTimeToFirstTokenMs, minQuality } = values;
  const isTeam = scope === 'team';
  const adaptive = withoutEmpty({
    costWeightPerUsd: values.costWeightPerUsd,
    latencyWeightPerSecond: values.latencyWeightPerSecond,
    explorationShare: explorationPercent === null ? null : explorationPercent / 100,
    explorationScale: values.explorationScale,
    ...(isTeam
      ? {
          algorithm: values.algorithm,
          halfLifeRewards: values.halfLifeRewards,
          priorStrength: values.priorStrength,
          detectsDrift: values.detectsDrift,
        }
      : {}),
  });
  const limits = withoutEmpty({
    maxCostUsd: maxCostUsd.trim(),
    maxLatencyMs,
    maxTimeToFirstTokenMs,
    minQuality,
  });
  return {
    scope,
    revision,
    ...withoutEmpty({
      strategy: values.strategy,
      weights: values.weights,
      isStrict: values.isStrict,
      allowsEquivalents: values.allowsEquivalents,
      timeZone: isTeam ? values.timeZone : null,
    }),
    ...(Object.keys(adaptive).length > 0 ? { adaptive } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

/** `role:coder` → `Role coder`. */
export function scopeWords(scope: string): string {
  if (scope === 'team') return 'Whole team';
  const [kind = '', rest = ''] = [scope.slice(0, scope.indexOf(':')), scope.slice(scope.indexOf(':') + 1)];
  const [name = '', task] = rest.split('#');
  const of = task === undefined ? '' : `, task ${task}`;
  if (kind === 'role') return `Role ${name}${of}`;
  if (kind === 'step') return `Step ${name.replace('/', ' / ')}${of}`;
  if (kind === 'name') return `Name ${name}${of}`;
  const [plain = scope, task2] = scope.split('#');
  return task2 === undefined ? plain : `${plain === 'team' ? 'Whole team' : plain}, task ${task2}`;
}

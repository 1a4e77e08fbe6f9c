import { isTimeZone } from '@switchyard/core/guardrails';
import { type RoutingPreferences, strategies } from '@switchyard/core/routing';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ValidationFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { audit } from './change-rules.ts';
import { usdInput, weightsInput } from './rule-input.ts';

const durationInput = z.int().min(1).max(3_600_000).nullish();

const input = z.object({
  scope: z
    .string()
    .max(450)
    .regex(
      /^(team|role:[^\s/#]{1,200}|step:[^\s/#]{0,200}\/[^\s/#]{1,200}|name:[A-Za-z0-9][A-Za-z0-9._-]{0,63})$/,
      'A scope is team, role:<role>, step:<workflow>/<step> or name:<alias or chain>.',
    ),
  revision: z.int().min(0),
  strategy: z.enum(strategies).nullish(),
  weights: weightsInput.nullish(),
  modelWeights: z
    .array(z.object({ modelId: z.string().min(1).max(300), weight: z.number().min(0).max(1_000_000) }))
    .max(200)
    .nullish(),
  adaptive: z
    .object({
      algorithm: z.enum(['contextual', 'thompson', 'epsilon-greedy']).nullish(),
      costWeightPerUsd: z.number().min(0).max(1_000_000).nullish(),
      latencyWeightPerSecond: z.number().min(0).max(1_000).nullish(),
      // Never 0: nothing would be learned again.
      explorationShare: z.number().min(0.001).max(1).nullish(),
      explorationScale: z.number().min(0.01).max(10).nullish(),
      halfLifeRewards: z.number().min(10).max(10_000_000).nullish(),
      priorStrength: z.number().min(0.1).max(10_000).nullish(),
      detectsDrift: z.boolean().nullish(),
    })
    .nullish(),
  limits: z
    .object({
      maxCostUsd: usdInput.nullish(),
      maxLatencyMs: durationInput,
      maxTimeToFirstTokenMs: durationInput,
      minQuality: z.number().min(0).max(1).nullish(),
    })
    .nullish(),
  isStrict: z.boolean().nullish(),
  allowsEquivalents: z.boolean().nullish(),
  timeZone: z.string().max(64).refine(isTimeZone, 'There is no such time zone.').nullish(),
});

/** What only holds for the whole team, because what is learned depends on it. */
const teamOnly = ['algorithm', 'halfLifeRewards', 'priorStrength', 'detectsDrift'] as const;

/**
 * Replaces what a scope says about routing; nothing at all removes the scope. `revision` is that of what was read, 0 for
 * nothing. Throws `ValidationFailure`, `ConflictFailure`, `ForbiddenFailure`.
 */
export async function saveRoutingSettings(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  assertMayManage(identity, 'ROUTING', 'change how requests are routed');
  const { scope, revision, ...given } = parseInput(input, rawInput);
  const { teamId } = identity;
  const misplaced = scope === 'team' ? [] : teamOnly.filter((field) => given.adaptive?.[field] != null);
  const problems = misplaced.map((field) => ({ path: ['input', 'adaptive', field], code: 'team_only', field }));
  if (scope !== 'team' && given.timeZone != null)
    problems.push({ path: ['input', 'timeZone'], code: 'team_only', field: 'timeZone' as never });
  if (problems.length > 0) {
    throw new ValidationFailure(
      problems.map(({ field, ...problem }) => ({
        ...problem,
        message: `${field} holds for the whole team: set it there.`,
      })),
    );
  }
  const shares = Object.fromEntries((given.modelWeights ?? []).map(({ modelId, weight }) => [modelId, weight]));
  const preferences = withoutNulls({ ...given, modelWeights: shares }) as RoutingPreferences;
  const { repository } = services.routing;
  const before = (await repository.listSettings(teamId)).find((setting) => setting.scope === scope);
  const entry = {
    ...audit(
      services,
      identity,
      'changed-settings',
      `Changed routing of ${scope}.`,
      before?.preferences ?? {},
      preferences,
    ),
    scope,
  };
  if (!(await repository.saveSetting(teamId, scope, revision, preferences, entry))) {
    const message = 'Somebody changed these settings meanwhile. Read them again and repeat your change.';
    throw new ConflictFailure('ROUTING.SETTINGS_CHANGED', message, ['input', 'revision']);
  }
  await services.routing.refresh(teamId);
  return scope;
}

/** What was left out or set to null says nothing; objects in which nothing is left neither. */
function withoutNulls(value: object): object {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
      if (each === null || each === undefined) return [];
      if (typeof each !== 'object' || Array.isArray(each)) return [[key, each]];
      const inner = withoutNulls(each as object);
      return Object.keys(inner).length > 0 ? [[key, inner]] : [];
    }),
  );
}

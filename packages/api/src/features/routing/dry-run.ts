import { createSeededRandom } from '@switchyard/core/kernel';
import {
  mergePreferences,
  planRoute,
  type RouteNeeds,
  type RoutePlan,
  type RoutingSnapshot,
  strategies,
} from '@switchyard/core/routing';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { maxPromptCharacters } from '../comparisons/generation-input.ts';
import { callContextInput, toCallAttributes } from './call-attributes.ts';
import { automaticName, describeRequest } from './route-call.ts';
import { assertUsable, completeRules, rulesInput } from './rule-input.ts';

export const capabilityInput = z
  .array(z.enum(['vision', 'tools', 'json', 'reasoning']))
  .max(4)
  .nullish();

const input = z.object({
  model: z.string().min(1).max(300).nullish(),
  prompt: z.string().max(maxPromptCharacters).nullish(),
  inputTokens: z.int().min(0).max(100_000_000).nullish(),
  maxOutputTokens: z.int().min(1).max(10_000_000).nullish(),
  needs: capabilityInput,
  context: callContextInput,
  tags: z.array(z.string().trim().min(1).max(200)).max(20).nullish(),
  strategy: z.enum(strategies).nullish(),
  rules: rulesInput.nullish(),
});

/** Where a request would go now, which is not made. With `rules` as if these were published. Throws `ValidationFailure`, `InvalidRulesFailure`, `NoEligibleModelFailure` for a name that means nothing. */
export async function dryRun(services: Services, identity: Identity, rawInput: unknown): Promise<RoutePlan> {
  const wanted = parseInput(input, rawInput);
  const { teamId, userId, apiKeyId } = identity;
  const team = await services.routing.of(teamId);
  const rules = wanted.rules && completeRules(services, wanted.rules);
  if (rules) await assertUsable(services, teamId, rules);
  const name = wanted.model ?? automaticName;
  const resolved = name === automaticName ? undefined : services.providers.resolve(teamId, name);
  if (resolved && 'reason' in resolved) throw new NoEligibleModelFailure([resolved], ['input', 'model']);
  const wantedModels = resolved?.targets.map((target) => target.modelId);
  if (wantedModels) team.include(wantedModels);
  const snapshot: RoutingSnapshot = rules ? team.compileDraft(rules) : team.snapshot;
  const attributes = toCallAttributes(wanted.context);
  const purpose = {
    teamId,
    source: 'complete' as const,
    ...(userId !== undefined && { userId }),
    ...(apiKeyId !== undefined && { apiKeyId }),
    ...attributes,
    ...(wanted.tags && { tags: wanted.tags }),
  };
  const narrow = [
    attributes.stepId === undefined
      ? undefined
      : team.preferencesOf(`step:${attributes.workflowId ?? ''}/${attributes.stepId}`),
    attributes.role === undefined ? undefined : team.preferencesOf(`role:${attributes.role}`),
    resolved && team.preferencesOf(`name:${name}`),
  ];
  const { strategy: _ofAuto, ...general } = team.preferences;
  const preferences = mergePreferences([...narrow, resolved ? general : team.preferences]);
  const asked = wanted.strategy ?? preferences.strategy ?? resolved?.strategy ?? (resolved ? 'manual' : 'balanced');
  const strategy = asked === 'adaptive' && !team.isAdaptiveOn ? 'balanced' : asked;
  const text = wanted.prompt ?? '';
  const call = {
    messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
    ...(wanted.maxOutputTokens != null && { maxOutputTokens: wanted.maxOutputTokens }),
  };
  const settings = resolved ? { allowsEquivalents: false, ...preferences } : preferences;
  const wishes = { strategy, ...(wantedModels && { wantedModels }) };
  const described = describeRequest(team, call, purpose, settings, wishes, toNeeds(wanted.needs));
  const request = { ...described, ...(wanted.inputTokens != null && { inputTokens: wanted.inputTokens }) };
  // The same question is to have the same answer while nothing has changed.
  return planRoute(request, snapshot, createSeededRandom(1), { wantsAllPropensities: true });
}

export function toNeeds(needs: z.output<typeof capabilityInput>): RouteNeeds {
  return Object.fromEntries((needs ?? []).map((need) => [need, true]));
}

import { createSeededRandom } from '@switchyard/core/kernel';
import { parseRoleReference } from '@switchyard/core/roles';
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
import { decodeId } from '../../graphql/global-id.ts';
import { parseInput } from '../../parse-input.ts';
import { NoEligibleModelFailure, NotFoundFailure } from '../../user-errors.ts';
import { maxPromptCharacters } from '../comparisons/generation-input.ts';
import { resolveRoleName } from '../roles/resolve-role.ts';
import { callContextInput, toCallAttributes } from './call-attributes.ts';
import { narrowPreferences } from './narrow-preferences.ts';
import { automaticName, describeRequest, wishFor } from './route-call.ts';
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
  apiKeyId: z.string().max(200).nullish(),
  strategy: z.enum(strategies).nullish(),
  rules: rulesInput.nullish(),
});

/** Where a request would go now, which is not made. With `rules` as if these were published. Throws `ValidationFailure`, `InvalidRulesFailure`, `NoEligibleModelFailure` for a name that means nothing, `NotFoundFailure` for a key of nobody. */
export async function dryRun(services: Services, identity: Identity, rawInput: unknown): Promise<RoutePlan> {
  const wanted = parseInput(input, rawInput);
  const { teamId } = identity;
  const team = await services.routing.of(teamId);
  const rules = wanted.rules && completeRules(services, wanted.rules);
  if (rules) await assertUsable(services, teamId, rules);
  const name = wanted.model ?? automaticName;
  const { resolved, role } = resolveName(services, teamId, name);
  const wantedModels = resolved?.targets.map((target) => target.modelId);
  if (wantedModels) team.include(wantedModels);
  const snapshot: RoutingSnapshot = rules ? team.compileDraft(rules) : team.snapshot;
  const purpose = {
    teamId,
    source: 'complete' as const,
    ...(await readCaller(services, identity, wanted.apiKeyId)),
    ...toCallAttributes(wanted.context),
    ...(role !== undefined && { role }),
    ...(wanted.tags && { tags: wanted.tags }),
  };
  const narrow = [...narrowPreferences(team, purpose), resolved && team.preferencesOf(`name:${name}`)];
  const { strategy: _ofAuto, ...general } = team.preferences;
  const preferences = mergePreferences([...narrow, resolved ? general : team.preferences]);
  const asked = wanted.strategy ?? preferences.strategy ?? resolved?.strategy ?? (resolved ? 'manual' : 'balanced');
  const text = wanted.prompt ?? '';
  const call = {
    messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
    ...(wanted.maxOutputTokens != null && { maxOutputTokens: wanted.maxOutputTokens }),
  };
  const settings = resolved ? { allowsEquivalents: false, ...preferences } : preferences;
  const wishes = { ...wishFor(team, asked), ...(wantedModels && { wantedModels }) };
  const described = describeRequest(team, call, purpose, settings, wishes, toNeeds(wanted.needs));
  const request = { ...described, ...(wanted.inputTokens != null && { inputTokens: wanted.inputTokens }) };
  // The same question is to have the same answer while nothing has changed.
  return planRoute(request, snapshot, createSeededRandom(1), { wantsAllPropensities: true });
}

/** The models that a name stands for; undefined when the router chooses among all. */
function resolveName(services: Services, teamId: string, name: string) {
  const path = ['input', 'model'];
  const role = parseRoleReference(name);
  if (role !== undefined) return { resolved: resolveRoleName(services, teamId, role, path).resolution, role };
  if (name === automaticName) return { resolved: undefined, role: undefined };
  const found = services.providers.resolve(teamId, name);
  if ('reason' in found) throw new NoEligibleModelFailure([found], path);
  return { resolved: found, role: undefined };
}

/** Who would ask: a key of the team with the person who made it, or whoever asks for the dry run. */
async function readCaller(services: Services, identity: Identity, globalKeyId: string | null | undefined) {
  if (globalKeyId == null) {
    const { userId, apiKeyId } = identity;
    return { ...(userId !== undefined && { userId }), ...(apiKeyId !== undefined && { apiKeyId }) };
  }
  const id = decodeId(globalKeyId, 'ApiKey');
  const key = id && (await services.prisma.apiKey.findFirst({ where: { id, teamId: identity.teamId } }));
  if (!key) throw new NotFoundFailure('API key', ['input', 'apiKeyId']);
  return { apiKeyId: key.id, ...(key.createdById !== null && { userId: key.createdById }) };
}

export function toNeeds(needs: z.output<typeof capabilityInput>): RouteNeeds {
  return Object.fromEntries((needs ?? []).map((need) => [need, true]));
}

import type { BudgetCondition, KnownValues } from '@switchyard/core/guardrails';
import type { Services } from '../../container.ts';

/** What the values of a budget's conditions are called in a team, and which there are. */
export interface TeamValues {
  /** Names of members by the id of the user. */
  readonly members: ReadonlyMap<string, string>;
  readonly apiKeys: ReadonlyMap<string, { readonly name: string; readonly isRevoked: boolean }>;
  readonly providers: readonly string[];
  readonly models: readonly string[];
}

/** Two queries; providers and models come from memory. */
export async function readTeamValues({ prisma, providers }: Services, teamId: string): Promise<TeamValues> {
  const [members, apiKeys] = await Promise.all([
    prisma.member.findMany({ where: { teamId }, select: { userId: true, user: { select: { name: true } } } }),
    prisma.apiKey.findMany({ where: { teamId }, select: { id: true, name: true, revokedAt: true } }),
  ]);
  return {
    members: new Map(members.map(({ userId, user }) => [userId, user.name])),
    apiKeys: new Map(apiKeys.map(({ id, name, revokedAt }) => [id, { name, isRevoked: revokedAt !== null }])),
    providers: providers.instancesOf(teamId).map(({ slug }) => slug),
    models: providers.models(teamId).map(({ modelId }) => modelId),
  };
}

/** What validation may compare names with. Members and keys have ids, not names: they are judged apart. */
export function toKnownValues({ providers, models }: TeamValues): KnownValues {
  return { provider: providers, model: models };
}

/** For people: a condition's value, or one value of an `each` condition. Undefined: nobody here has that id (any more). */
export function nameOfValue(kind: BudgetCondition['kind'], value: string, values: TeamValues): string | undefined {
  if (kind === 'member') return values.members.get(value);
  if (kind === 'api-key') return values.apiKeys.get(value)?.name;
  return value;
}

import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { ExperimentPromotion } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { setRole } from '../roles/change-roles.ts';
import { requireExperiment } from './change-experiment.ts';
import { definitionOf } from './experiment-row.ts';

const promoteInput = z.object({ variant: z.string().min(1).max(40), role: z.string().min(1).max(64) });

interface RoleContent {
  readonly description?: string;
  readonly models: readonly { readonly model: string; readonly parameters?: object }[];
  readonly parameters?: object;
  readonly isStrict?: boolean;
}

/**
 * Puts the model and the parameters of a variant in front of a role's models: the next call that asks for the role gets
 * them. Writes the change of the role into the audit, and remembers what was before.
 */
export async function promoteVariant(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<string> {
  assertMayManage(identity, 'TESTS', 'promote variants');
  const { variant: key, role: name } = parseInput(promoteInput, rawInput);
  const row = await requireExperiment(services, identity, id);
  if (row.state !== 'ended') {
    throw new ConflictFailure('EXPERIMENTS.NOT_ENDED', 'Only a test that has ended can be acted on. Stop it first.', [
      'input',
      'experimentId',
    ]);
  }
  const variant = definitionOf(row).variants.find((each) => each.key === key);
  if (variant?.model === undefined) throw new NotFoundFailure('variant', ['input', 'variant']);
  const before = contentOf(services, identity.teamId, name);
  const { model, parameters = {} } = variant;
  const others = before.models.filter((each) => each.model !== model);
  const first = { model, ...(Object.keys(parameters).length > 0 && { parameters }) };
  const after: RoleContent = { ...before, models: [first, ...others].slice(0, 16) };
  await writeRole(services, identity, name, after);
  const { prisma, ids, clock } = services;
  await prisma.experimentPromotion.create({
    data: {
      ...{ id: ids.next('pro'), teamId: identity.teamId, experimentId: row.id, variant: key, role: name },
      ...{ before: JSON.stringify(before), after: JSON.stringify(after) },
      ...{ promotedById: identity.userId ?? null, promotedAt: new Date(clock.nowMs()) },
    },
  });
  return row.id;
}

/** Gives the role back what it had before the newest promotion of the test; refused when somebody changed it since. */
export async function revertPromotion(services: Services, identity: Identity, id: string | undefined): Promise<string> {
  assertMayManage(identity, 'TESTS', 'revert promotions');
  const row = await requireExperiment(services, identity, id);
  const { prisma, clock } = services;
  const promotion = await prisma.experimentPromotion.findFirst({
    where: { teamId: identity.teamId, experimentId: row.id, revertedAt: null },
    orderBy: { promotedAt: 'desc' },
  });
  if (!promotion) throw new NotFoundFailure('promotion that could be reverted', ['input', 'experimentId']);
  const now = contentOf(services, identity.teamId, promotion.role);
  if (canonical(now) !== canonical(JSON.parse(promotion.after) as RoleContent)) {
    const message = `The role "${promotion.role}" was changed since the promotion. Change it by hand.`;
    throw new ConflictFailure('EXPERIMENTS.ROLE_CHANGED', message, ['input', 'experimentId']);
  }
  await writeRole(services, identity, promotion.role, JSON.parse(promotion.before) as RoleContent);
  const data = { revertedAt: new Date(clock.nowMs()), revertedById: identity.userId ?? null };
  await prisma.experimentPromotion.updateMany({ where: { id: promotion.id, revertedAt: null }, data });
  return row.id;
}

export function readPromotions(
  { prisma }: Services,
  teamId: string,
  experimentId: string,
): Promise<ExperimentPromotion[]> {
  return prisma.experimentPromotion.findMany({
    where: { teamId, experimentId },
    orderBy: { promotedAt: 'desc' },
    take: 50,
  });
}

function contentOf({ roles }: Services, teamId: string, name: string): RoleContent {
  const found = roles.of(teamId).byName.get(name);
  if (!found) throw new NotFoundFailure('role', ['input', 'role']);
  const { description, models, parameters, isStrict } = found.role;
  return {
    models: models.map((each) => ({ model: each.model, ...(each.parameters && { parameters: each.parameters }) })),
    ...(description !== undefined && { description }),
    ...(parameters && { parameters }),
    ...(isStrict && { isStrict }),
  };
}

async function writeRole(services: Services, identity: Identity, name: string, content: RoleContent): Promise<void> {
  const found = services.roles.of(identity.teamId).byName.get(name);
  const revision = found?.source === 'team' ? found.revision : 0;
  await setRole(services, identity, { name, revision, ...content });
}

/** Fields in one order, whatever stored them in between. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

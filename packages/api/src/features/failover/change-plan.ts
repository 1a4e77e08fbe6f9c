import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { FailoverPlan as PlanRow, Prisma } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { liveKeyOf } from './failover-plan.mapping.ts';
import { type PlanContent, planInput, readContent } from './plan-input.ts';

const mostPlans = 200;
const createInput = planInput.extend({ idempotencyKey: idempotencyKeyInput });
const versionInput = z.int().min(1);
const updateInput = planInput.extend({ version: versionInput });
const restoreInput = z.object({ version: versionInput, note: z.string().trim().max(500).nullish() });
const deleteInput = z.object({ note: z.string().trim().max(500).nullish() });

type Change = 'created' | 'changed' | 'enabled' | 'disabled' | 'restored' | 'deleted';

/**
 * Makes a plan; it holds from the next call on, in other processes within a second. Throws `ForbiddenFailure`,
 * `ValidationFailure`, `InvalidConditionFailure`, `ConflictFailure`, `IdempotencyFailure`.
 */
export async function createPlan(services: Services, identity: Identity, rawInput: unknown): Promise<PlanRow> {
  assertMayManage(identity, 'ROUTING', 'change failover');
  const { idempotencyKey, ...given } = parseInput(createInput, rawInput);
  const content = readContent(services, identity.teamId, given);
  const { prisma, ids, clock } = services;
  const { teamId } = identity;
  const operation = { teamId, operation: 'createFailoverPlan', key: idempotencyKey, input: given };
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, operation, async () => {
    const count = await prisma.failoverPlan.count({ where: { teamId, liveKey: { not: null } } });
    if (count >= mostPlans)
      throw new ConflictFailure('FAILOVER.TOO_MANY_PLANS', `Your team has ${count} plans already: delete some.`);
    const planId = ids.next('fop');
    const at = new Date(clock.nowMs());
    await guardKey(
      prisma.$transaction([
        prisma.failoverPlan.create({
          data: {
            id: planId,
            teamId,
            ...columnsOf(content),
            version: 1,
            createdAt: at,
            updatedAt: at,
            updatedById: identity.userId ?? null,
          },
        }),
        prisma.failoverVersion.create({
          data: versionRow(services, identity, planId, 1, 'created', content, given.note, at),
        }),
      ]),
    );
    await services.failover.refresh();
    return { id: planId };
  });
  return findPlan(services, teamId, id);
}

/** Changes a plan that was read as `version`. Throws like {@link createPlan}, and `NotFoundFailure`. */
export async function updatePlan(
  services: Services,
  identity: Identity,
  planId: string | undefined,
  rawInput: unknown,
): Promise<PlanRow> {
  assertMayManage(identity, 'ROUTING', 'change failover');
  const given = parseInput(updateInput, rawInput);
  const known = await findPlan(services, identity.teamId, planId);
  const content = readContent(services, identity.teamId, given);
  const isOnlySwitched =
    known.isEnabled !== content.isEnabled &&
    known.name === content.name &&
    known.scope === content.scope &&
    isDeepStrictEqual(known.settings, content.settings);
  const change = isOnlySwitched ? (content.isEnabled ? 'enabled' : 'disabled') : 'changed';
  return write(services, identity, known, given.version, change, content, given.note);
}

/** Puts a plan back to what it was in an earlier version. Throws like {@link updatePlan}. */
export async function restorePlan(
  services: Services,
  identity: Identity,
  planId: string | undefined,
  rawInput: unknown,
): Promise<PlanRow> {
  assertMayManage(identity, 'ROUTING', 'change failover');
  const { version, note } = parseInput(restoreInput, rawInput);
  const known = await findPlan(services, identity.teamId, planId);
  const where = { planId_version: { planId: known.id, version } };
  const earlier = await services.prisma.failoverVersion.findUnique({ where });
  if (!earlier || earlier.teamId !== identity.teamId)
    throw new NotFoundFailure('version of the plan', ['input', 'version']);
  const { name, scope, isEnabled, settings } = earlier.content as unknown as PlanContent;
  // Models and the language may have changed since.
  const content = readContent(services, identity.teamId, {
    ...settings,
    ...{ name, scope, isEnabled, chain: [...settings.chain] },
  });
  return write(services, identity, known, known.version, 'restored', content, note ?? `As in version ${version}.`);
}

/** Deletes a plan; its history stays. Throws `ForbiddenFailure`, `NotFoundFailure`. */
export async function deletePlan(
  services: Services,
  identity: Identity,
  planId: string | undefined,
  rawInput: unknown,
): Promise<{ readonly id: string }> {
  assertMayManage(identity, 'ROUTING', 'change failover');
  const { note } = parseInput(deleteInput, rawInput);
  const known = await findPlan(services, identity.teamId, planId);
  const { name, scope, isEnabled } = known;
  const content = { name, scope, isEnabled, settings: known.settings as unknown as PlanContent['settings'] };
  await write(services, identity, known, known.version, 'deleted', content, note);
  return { id: known.id };
}

/** A plan of the team that was not deleted. Throws `NotFoundFailure`. */
export async function findPlan(
  { prisma }: Pick<Services, 'prisma'>,
  teamId: string,
  planId: string | undefined,
): Promise<PlanRow> {
  const where = { id_teamId: { id: planId ?? '', teamId } };
  const row = planId === undefined ? null : await prisma.failoverPlan.findUnique({ where });
  if (!row || row.liveKey === null) throw new NotFoundFailure('failover plan', ['input', 'planId']);
  return row;
}

async function write(
  services: Services,
  identity: Identity,
  known: PlanRow,
  version: number,
  change: Change,
  content: PlanContent,
  note: string | null | undefined,
): Promise<PlanRow> {
  const { prisma, clock } = services;
  const at = new Date(clock.nowMs());
  const next = version + 1;
  await guardKey(
    prisma.$transaction(async (tx) => {
      const { count } = await tx.failoverPlan.updateMany({
        where: { id: known.id, teamId: identity.teamId, version, liveKey: { not: null } },
        data: {
          ...columnsOf(content),
          ...(change === 'deleted' && { liveKey: null, isEnabled: false }),
          version: next,
          updatedAt: at,
          updatedById: identity.userId ?? null,
        },
      });
      if (count === 0)
        throw new ConflictFailure(
          'FAILOVER.PLAN_CHANGED',
          'Somebody changed this plan meanwhile. Read it again and repeat your change.',
          ['input', 'version'],
        );
      await tx.failoverVersion.create({
        data: versionRow(services, identity, known.id, next, change, content, note, at),
      });
    }),
  );
  await services.failover.refresh();
  if (change === 'deleted') return known;
  return findPlan(services, identity.teamId, known.id);
}

function columnsOf({ name, scope, isEnabled, settings }: PlanContent) {
  return {
    name,
    scope,
    isEnabled,
    settings: settings as unknown as Prisma.InputJsonObject,
    liveKey: liveKeyOf(scope, settings),
  };
}

function versionRow(
  { ids }: Services,
  { teamId, userId, apiKeyId }: Identity,
  planId: string,
  version: number,
  change: Change,
  content: PlanContent,
  note: string | null | undefined,
  at: Date,
) {
  return {
    id: ids.next('fov'),
    planId,
    teamId,
    version,
    change,
    content: content as unknown as Prisma.InputJsonObject,
    note: note || null,
    userId: userId ?? null,
    apiKeyId: apiKeyId ?? null,
    at,
  };
}

/** A second plan for the same scope and primary is a conflict, also when two people make it at once. */
async function guardKey<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'P2002')
      throw new ConflictFailure(
        'FAILOVER.PLAN_EXISTS',
        'There is a plan for this scope and primary already: change that one.',
        ['input', 'primary'],
      );
    throw error;
  }
}

import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';

/** Ends an outage by hand. Throws `ForbiddenFailure`, `NotFoundFailure`, `ConflictFailure` when it is over already. */
export async function returnPrimary(
  services: Services,
  identity: Identity,
  outageId: string | undefined,
): Promise<{ readonly outageId: string }> {
  assertMayManage(identity, 'ROUTING', 'end a failover');
  const { prisma, clock, failover } = services;
  const path = ['input', 'outageId'];
  const where = { id_teamId: { id: outageId ?? '', teamId: identity.teamId } };
  const row = outageId === undefined ? null : await prisma.failoverOutage.findUnique({ where });
  if (!row) throw new NotFoundFailure('failover', path);
  if (row.openKey === null)
    throw new ConflictFailure('FAILOVER.OVER', 'It is over already: the model is asked first again.', path);
  await failover.giveBack(row.planId, row.circuitKey, identity.userId);
  // One that only another process had in its memory.
  await prisma.failoverOutage.updateMany({
    where: { id: row.id, teamId: identity.teamId, openKey: row.openKey },
    data: {
      openKey: null,
      returnedAt: new Date(clock.nowMs()),
      returnReason: 'by-hand',
      returnedById: identity.userId ?? null,
    },
  });
  return { outageId: row.id };
}

import type { Services } from '../../container.ts';
import type { RoutingDecisionModel } from '../../generated/prisma/models.ts';

/** A decision by its id or by that of the lane or request it was made for: the newest. Null when the team has none. */
export async function findDecision(
  services: Services,
  teamId: string,
  id: string,
): Promise<RoutingDecisionModel | null> {
  const find = () =>
    services.prisma.routingDecision.findFirst({
      where: { teamId, OR: [{ id }, { sourceId: id }] },
      orderBy: { decidedAt: 'desc' },
    });
  const found = await find();
  if (found) return found;
  // It is written behind the answer: whoever asks at once may be quicker.
  if (!services.routing.decisions.holds(id)) return null;
  await services.routing.decisions.flush();
  return find();
}

import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { audit } from './change-rules.ts';

const input = z.object({ scope: z.string().min(1).max(900).nullish() });

/**
 * Forgets what the router has learned in a scope and its classes of task, or everything: the next decisions begin with
 * the priors. Late rewards for decisions from before are not learned either. Answers the scopes that were forgotten.
 * Throws `ValidationFailure`, `ForbiddenFailure`.
 */
export async function rebalance(services: Services, identity: Identity, rawInput: unknown): Promise<readonly string[]> {
  assertMayManage(identity, 'ROUTING', 'reset what was learned');
  const scope = parseInput(input, rawInput).scope ?? undefined;
  const summary = scope === undefined ? 'Reset everything that was learned.' : `Reset what was learned in ${scope}.`;
  const entry = { ...audit(services, identity, 'rebalanced', summary), ...(scope !== undefined && { scope }) };
  // What was decided before must be told from what is decided afterwards.
  await services.routing.decisions.flush();
  const scopes = await services.routing.repository.forget(identity.teamId, scope, entry);
  await services.routing.refresh(identity.teamId);
  services.log.info({ teamId: identity.teamId, scope: scope ?? 'all', scopes }, 'routing weights were reset');
  return scopes;
}

import type { RouteRequest } from '../route-request.ts';
import type { CompiledScope } from './compile-scope.ts';

/** Rewards that a scope needs before it is asked rather than a wider one. */
const enoughRewards = 50;

type ScopeRequest = Pick<RouteRequest, 'workflowId' | 'stepId' | 'role' | 'taskClass'>;

/**
 * Names of the scopes that learn from a request, the narrowest first: its step, else its role; the team. Each also with
 * the class of task, when it is known (`team#summary`).
 */
export function learningScopesOf(request: ScopeRequest): readonly string[] {
  const { workflowId = '', stepId, role, taskClass } = request;
  const own = stepId
    ? `step:${encodeURIComponent(workflowId)}/${encodeURIComponent(stepId)}`
    : role
      ? `role:${encodeURIComponent(role)}`
      : undefined;
  const scopes = own === undefined ? ['team'] : [own, 'team'];
  return scopes.flatMap((scope) => (taskClass ? [`${scope}#${encodeURIComponent(taskClass)}`, scope] : [scope]));
}

/** The narrowest scope that has learned enough, else the widest that learned anything, else `empty`. */
export function selectScope(
  names: readonly string[],
  scopes: ReadonlyMap<string, CompiledScope>,
  empty: CompiledScope,
): CompiledScope {
  let widest: CompiledScope | undefined;
  for (const name of names) {
    const scope = scopes.get(name);
    if (!scope) continue;
    if (scope.observed >= enoughRewards) return scope;
    widest = scope;
  }
  return widest ?? empty;
}

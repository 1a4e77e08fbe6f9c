import type { RoutingSnapshot } from './compile-snapshot.ts';
import type { RouteRequest } from './route-request.ts';
import type { CompiledCondition } from './rules/compile-condition.ts';
import { RequestFacts, TimeFacts } from './rules/rule-facts.ts';

/** A request, and what is known at its moment. */
export interface MatchedRequest {
  readonly request: RouteRequest;
  readonly snapshot: RoutingSnapshot;
}

/** Whether a condition holds for a request outside of the rules; false when the facts do not allow an answer. */
export function matchesCondition(condition: CompiledCondition, { request, snapshot }: MatchedRequest): boolean {
  try {
    return condition.matches({
      ...snapshot.facts,
      request: new RequestFacts(request, request.strategy ?? 'manual'),
      time: new TimeFacts(snapshot.clock(request.atMs)),
    });
  } catch {
    return false;
  }
}

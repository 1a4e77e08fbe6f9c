import { type ConditionProblem, compileCondition, type MatchedRequest, matchesCondition } from '../routing/index.ts';
import type { FailoverTriggers } from './failover-triggers.ts';

/** When a model that was passed over is asked first again. */
export type FailoverReturn =
  /** As soon as it shows that it is back. */
  | { readonly kind: 'at-once' }
  /** After so many good answers in a row, to calls on trial or to checks. */
  | { readonly kind: 'after-answers'; readonly answers: number }
  /** When somebody says so. */
  | { readonly kind: 'by-hand' };

/** What a plan says; plain JSON. */
export interface FailoverSettings {
  /** The name that calls ask for: `provider/model`, an alias or a chain. Absent: every call of the scope. */
  readonly primary?: string;
  /** Names that stand in, in order. */
  readonly chain: readonly string[];
  readonly triggers: FailoverTriggers;
  /** A condition of the language of routing rules; absent: always. */
  readonly when?: string;
  readonly returning: FailoverReturn;
}

/** Who stands in for whom, for the calls of one scope. */
export interface FailoverPlan {
  readonly id: string;
  readonly name: string;
  /** `team`, `workflow:<name>` or `role:<name>`. */
  readonly scope: string;
  readonly isEnabled: boolean;
  readonly settings: FailoverSettings;
}

export const defaultReturn: FailoverReturn = { kind: 'at-once' };

/** What decides which plan holds for a call. */
export interface PlannedCall {
  readonly role?: string | undefined;
  readonly workflowId?: string | undefined;
  /** As the caller wrote it, and what it stands for: the first candidate. */
  readonly requested: string;
  readonly firstModelId: string;
}

/**
 * The plan that holds for a call: of the narrowest scope that has one (workflow, role, team), one that names what is asked
 * for before one for everything. `matches` says whether the condition of a plan holds; it is asked for those that are left.
 */
export function choosePlan(
  plans: readonly FailoverPlan[],
  call: PlannedCall,
  matches: (plan: FailoverPlan) => boolean,
): FailoverPlan | undefined {
  let best: FailoverPlan | undefined;
  let bestRank = 0;
  for (const plan of plans) {
    const rank = rankOf(plan, call);
    if (rank > bestRank && matches(plan)) {
      best = plan;
      bestRank = rank;
    }
  }
  return best;
}

/** 0: it does not hold; more: narrower. */
function rankOf({ scope, isEnabled, settings: { primary } }: FailoverPlan, call: PlannedCall): number {
  if (!isEnabled) return 0;
  const ofScope =
    scope === 'team'
      ? 1
      : scope === `role:${call.role ?? ''}`
        ? 2
        : scope === `workflow:${call.workflowId ?? ''}`
          ? 3
          : 0;
  if (ofScope === 0) return 0;
  if (primary === undefined) return 2 * ofScope;
  return primary === call.requested || primary === call.firstModelId ? 2 * ofScope + 1 : 0;
}

/** Plans whose conditions are compiled once. */
export class CompiledPlans {
  readonly plans: readonly FailoverPlan[];
  readonly #conditions: ReadonlyMap<string, (request: MatchedRequest) => boolean>;

  constructor(plans: readonly FailoverPlan[]) {
    this.plans = plans;
    this.#conditions = new Map(
      plans.flatMap(({ id, settings: { when } }) => {
        if (when === undefined) return [];
        const compiled = compileCondition(when);
        // What can no longer be read holds for nothing: nobody is asked whom nobody named.
        return [[id, compiled.isValid ? (request) => matchesCondition(compiled.condition, request) : () => false]];
      }),
    );
  }

  /** The plan that holds; `describe` is asked for the request only when a condition has to be looked at. */
  choose(call: PlannedCall, describe: () => MatchedRequest): FailoverPlan | undefined {
    if (this.plans.length === 0) return undefined;
    let request: MatchedRequest | undefined;
    return choosePlan(this.plans, call, ({ id }) => {
      const condition = this.#conditions.get(id);
      if (!condition) return true;
      request ??= describe();
      return condition(request);
    });
  }
}

/** What is wrong with a condition; undefined when nothing is. */
export function checkPlanCondition(when: string): ConditionProblem | undefined {
  const result = compileCondition(when);
  return result.isValid ? undefined : result.problem;
}

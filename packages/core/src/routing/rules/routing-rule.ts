import type { CriterionWeights, Strategy } from '../strategy.ts';

/**
 * What a matching rule does. `models` are model ids, catalogue ids or beginnings with a star (`openai/*`, `*`).
 * `restrict` leaves only these, `deny` removes them, `prefer` puts them first in the order given, `pin` leaves only these
 * in the order given, `strict` forbids falling back.
 */
export type RuleAction =
  | { readonly type: 'restrict' | 'deny' | 'prefer' | 'pin'; readonly models: readonly string[] }
  | { readonly type: 'strategy'; readonly strategy: Strategy; readonly weights?: CriterionWeights }
  /** Decimal USD for the upper bound of one call. */
  | { readonly type: 'cap-cost'; readonly maxCostUsd: string }
  | { readonly type: 'strict' };

/** A rule of the team: plain JSON, kept in order. */
export interface RoutingRule {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** A CEL expression that is true or false. */
  readonly when: string;
  readonly actions: readonly RuleAction[];
  /** When it matches, no later rule is looked at. */
  readonly isFinal: boolean;
}

/** What an action of a matched rule did, in a few words. */
export interface RuleEffect {
  readonly type: RuleAction['type'];
  readonly summary: string;
}

import { parseUsd } from '@switchyard/core/kernel';
import {
  type CriterionWeights,
  checkRules,
  type RoutingRule,
  type RuleAction,
  type RuleProblem,
  strategies,
} from '@switchyard/core/routing';
import { z } from 'zod';
import type { Services } from '../../container.ts';
import { UserFailure } from '../../user-errors.ts';

/** The rules cannot be used; all problems at once, with their places. */
export class InvalidRulesFailure extends UserFailure {
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    super('ROUTING.INVALID_RULES', errors.map(({ message }) => message).join(' '), ['input', 'rules']);
    this.problems = problems;
  }
}

const modelsInput = z.array(z.string().trim().min(1).max(300)).max(200);
const weightInput = z.number().min(0).max(1_000);

export const weightsInput = z
  .object({ cost: weightInput, latency: weightInput, quality: weightInput, reliability: weightInput })
  .refine((weights) => Object.values(weights).some((weight) => weight > 0), 'One of the weights must be above 0.');

export const usdInput = z
  .string()
  .regex(/^\d{1,7}(\.\d{1,9})?$/, 'Give an amount of US dollars, for example 0.05.')
  .refine((text) => parseUsd(text) >= 0n);

export const actionInput = z
  .object({
    restrict: modelsInput.nullish(),
    deny: modelsInput.nullish(),
    prefer: modelsInput.nullish(),
    pin: modelsInput.nullish(),
    strategy: z.object({ strategy: z.enum(strategies), weights: weightsInput.nullish() }).nullish(),
    capCostUsd: usdInput.nullish(),
    strict: z.boolean().nullish(),
  })
  .transform((given): RuleAction | undefined => {
    for (const type of ['restrict', 'deny', 'prefer', 'pin'] as const) {
      const models = given[type];
      if (models) return { type, models };
    }
    if (given.strategy) {
      const { strategy, weights } = given.strategy;
      return { type: 'strategy', strategy, ...(weights && { weights: weights as CriterionWeights }) };
    }
    if (given.capCostUsd != null) return { type: 'cap-cost', maxCostUsd: given.capCostUsd };
    return given.strict ? { type: 'strict' } : undefined;
  });

export const ruleInput = z
  .object({
    id: z
      .string()
      .regex(/^[\w:.-]{1,64}$/, 'An id has 1 to 64 letters, digits, dashes and dots.')
      .nullish(),
    name: z.string().trim().min(1).max(200),
    isEnabled: z.boolean().nullish(),
    when: z.string().max(10_000),
    actions: z.array(actionInput).max(20),
    isFinal: z.boolean().nullish(),
  })
  .transform(({ id, isEnabled, isFinal, actions, ...rule }) => ({
    ...rule,
    id: id ?? undefined,
    isEnabled: isEnabled ?? true,
    isFinal: isFinal ?? false,
    actions: actions.filter((action) => action !== undefined),
  }));

/** More than core allows, so that it can say what is wrong. */
export const rulesInput = z.array(ruleInput).max(1_000);

/** Gives new rules their ids. Ids of the file's rules cannot be taken. */
export function completeRules(
  services: Pick<Services, 'ids'>,
  given: z.output<typeof rulesInput>,
): readonly RoutingRule[] {
  return given.map((rule) => {
    const isTaken = rule.id === undefined || rule.id.startsWith('file:') || rule.id.startsWith('task-preference:');
    return { ...rule, id: isTaken ? services.ids.next('rule') : (rule.id as string) };
  });
}

/** What is wrong with a list of rules for this team; errors stop saving, warnings do not. */
export async function judgeRules(
  services: Pick<Services, 'routing'>,
  teamId: string,
  rules: readonly RoutingRule[],
): Promise<readonly RuleProblem[]> {
  const team = await services.routing.of(teamId);
  const { placesById } = team.snapshot;
  return checkRules(rules, [...placesById.keys()]);
}

/** Throws {@link InvalidRulesFailure} when one problem is an error; answers the warnings. */
export async function assertUsable(
  services: Pick<Services, 'routing'>,
  teamId: string,
  rules: readonly RoutingRule[],
): Promise<readonly RuleProblem[]> {
  const problems = await judgeRules(services, teamId, rules);
  if (problems.some(({ severity }) => severity === 'error')) throw new InvalidRulesFailure(problems);
  return problems;
}

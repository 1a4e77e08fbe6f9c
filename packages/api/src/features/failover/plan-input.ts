import { checkPlanCondition, type FailoverSettings } from '@switchyard/core/failover';
import type { ConditionProblem } from '@switchyard/core/routing';
import { z } from 'zod';
import type { Services } from '../../container.ts';
import { UserFailure, ValidationFailure, type ValidationIssue } from '../../user-errors.ts';
import { automaticName } from '../routing/automatic-name.ts';

/** The condition of a plan cannot be read; with its place. */
export class InvalidConditionFailure extends UserFailure {
  readonly problem: ConditionProblem;

  constructor(problem: ConditionProblem) {
    super('FAILOVER.INVALID_CONDITION', `At character ${problem.start + 1}: ${problem.message}`, ['input', 'when']);
    this.problem = problem;
  }
}

const hour = 3_600_000;
const nameOfModel = z.string().trim().min(1).max(300);

const triggersInput = z
  .object({
    errorRateAbove: z.number().min(0).max(1).nullish(),
    firstTokenP95AboveMs: z.int().min(1).max(hour).nullish(),
    consecutiveFailures: z.int().min(1).max(1_000).nullish(),
    statusFrom: z.enum(['degraded', 'down']).nullish(),
    windowMs: z.int().min(1_000).max(hour).nullish(),
    minCalls: z.int().min(1).max(100_000).nullish(),
    returnAfterMs: z.int().min(100).max(hour).nullish(),
  })
  .transform((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)))
  .transform((given) => given as FailoverSettings['triggers']);

const returnInput = z
  .object({ kind: z.enum(['at-once', 'after-answers', 'by-hand']), answers: z.int().min(1).max(100).nullish() })
  .transform(({ kind, answers }) => (kind === 'after-answers' ? { kind, answers: answers ?? 3 } : { kind }));

/** What a plan says, as people give it; all of it each time. */
export const planInput = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(100),
  scope: z
    .string()
    .trim()
    .regex(/^(team|(role|workflow):[^\n]{1,200})$/, 'Write team, role:<name> or workflow:<name>.'),
  isEnabled: z.boolean().nullish(),
  primary: nameOfModel.nullish(),
  chain: z.array(nameOfModel).max(16, 'At most 16 names.'),
  triggers: triggersInput.nullish(),
  when: z.string().max(2_000).nullish(),
  returning: returnInput.nullish(),
  note: z.string().trim().max(500).nullish(),
});

export interface PlanContent {
  readonly name: string;
  readonly scope: string;
  readonly isEnabled: boolean;
  readonly settings: FailoverSettings;
}

/** Checks what a plan names and how it is written. Throws `ValidationFailure` with all issues, `InvalidConditionFailure`. */
export function readContent(
  services: Pick<Services, 'providers'>,
  teamId: string,
  given: z.output<typeof planInput>,
): PlanContent {
  const { name, scope, isEnabled, primary, chain, triggers, returning } = given;
  const when = given.when?.trim() || undefined;
  const issues: ValidationIssue[] = [];
  const check = (model: string, path: readonly string[]) => {
    if (model === automaticName || model.startsWith('role:') || model.startsWith('workflow:')) {
      const message = `"${model}" cannot stand here: name a model, an alias or a chain.`;
      issues.push({ path: ['input', ...path], message, code: 'unusable_name' });
      return;
    }
    const found = services.providers.resolve(teamId, model);
    // What is set up but away for a moment may stand in later.
    if ('targets' in found || services.providers.findModel(teamId, model)) return;
    issues.push({ path: ['input', ...path], message: found.reason, code: 'unknown_model' });
  };
  if (primary && !isOfRouter(primary)) check(primary, ['primary']);
  chain.forEach((model, index) => {
    check(model, ['chain', String(index)]);
    if (chain.indexOf(model) < index || model === primary)
      issues.push({
        path: ['input', 'chain', String(index)],
        message: `"${model}" is in this plan already.`,
        code: 'duplicate',
      });
  });
  const hasTriggers = Object.keys(triggers ?? {}).some((key) => triggerKeys.has(key));
  if (chain.length === 0 && !hasTriggers)
    issues.push({
      path: ['input', 'chain'],
      message: 'Name who stands in, or a trigger: the plan would do nothing.',
      code: 'nothing_to_do',
    });
  if (issues.length > 0) throw new ValidationFailure(issues);
  const problem = when === undefined ? undefined : checkPlanCondition(when);
  if (problem) throw new InvalidConditionFailure(problem);
  return {
    name,
    scope,
    isEnabled: isEnabled ?? true,
    settings: {
      ...(primary && { primary }),
      chain,
      triggers: triggers ?? {},
      ...(when !== undefined && { when }),
      returning: returning ?? { kind: 'at-once' },
    },
  };
}

const triggerKeys = new Set(['errorRateAbove', 'firstTokenP95AboveMs', 'consecutiveFailures', 'statusFrom']);

/** What calls may ask for although it stands for no model by itself. */
function isOfRouter(name: string): boolean {
  return name === automaticName || name.startsWith('role:');
}

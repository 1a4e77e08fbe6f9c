import { z } from 'zod';
import { checkPlanCondition, type FailoverReturn } from '../../failover/index.ts';
import type { ConfiguredFailover } from '../configuration.ts';
import { checkName } from '../names/check-name.ts';
import { defined } from '../schema/defined.ts';
import { expected, fields, flag, list, oneOf, text, wholeNumber } from '../schema/fields.ts';
import { defineSection } from '../section.ts';
import { readTriggers, triggerFields } from './trigger-fields.ts';

const scopeWhat = 'team, role:<name> or workflow:<name>';

const planSchema = fields({
  name: text('a name', { max: 100 }).describe('For people, and by which it is found again; unique in the file.'),
  scope: z
    .string(expected(scopeWhat))
    .regex(/^(team|(role|workflow):.{1,200})$/, expected(scopeWhat))
    .optional()
    .describe(`Whose calls: ${scopeWhat} (team).`),
  primary: text('the name of a model, an alias or a chain', { max: 300 })
    .optional()
    .describe('Calls that ask for this. Absent: every call of the scope.'),
  chain: list(text('the name of a model, an alias or a chain', { max: 300 }), 'models', { max: 16 }).describe(
    'Who stands in, in this order.',
  ),
  when: text('a condition, for example request.inputTokens < 20000', { max: 2_000 })
    .optional()
    .describe('A condition in CEL, as in routing rules. Absent: always.'),
  triggers: fields({
    ...triggerFields,
    status_from: oneOf(['degraded', 'down']).optional().describe('Passed over from this status of its provider on.'),
  })
    .optional()
    .describe('When a model is passed over without being asked. All absent: never.'),
  return: oneOf(['at-once', 'after-answers', 'by-hand'])
    .optional()
    .describe('When a model that was passed over is asked first again (at-once).'),
  return_after_answers: wholeNumber(1, 100)
    .optional()
    .describe('So many good answers in a row, for after-answers (3).'),
  enabled: flag().optional().describe('Whether it holds (true).'),
});

export const failoverSection = defineSection({
  key: 'failover',
  schema: list(planSchema, 'plans', { max: 200 }).describe(
    'Who stands in for a model that fails, for every team. What a team sets itself goes before.',
  ),
  read(given, context) {
    const failover = given.map((plan, index): ConfiguredFailover => {
      const { name, scope = 'team', primary, chain, when, triggers, enabled = true } = plan;
      const first = given.findIndex((other) => other.name.trim() === name.trim());
      if (first < index) {
        context.report('DUPLICATE_ID', ['failover', index, 'name'], `There are two plans named "${name}".`, {
          suggestion: 'Give one of the two another name.',
        });
      }
      const problem = when === undefined ? undefined : checkPlanCondition(when);
      if (problem) {
        const at = `At character ${problem.start + 1}: ${problem.message}`;
        context.report('INVALID_VALUE', ['failover', index, 'when'], at, { suggestion: problem.suggestion });
      }
      return {
        id: `file:${name.trim()}`,
        name: name.trim(),
        scope,
        isEnabled: enabled,
        settings: {
          ...defined({ primary: primary?.trim(), when }),
          chain: chain.map((model) => model.trim()),
          triggers: { ...readTriggers(triggers), ...defined({ statusFrom: triggers?.status_from }) },
          returning: toReturn(plan.return, plan.return_after_answers),
        },
        position: context.positionOf(['failover', index]),
      };
    });
    return { failover };
  },
  check(given, context, configuration) {
    given.forEach(({ primary, chain }, index) => {
      if (primary !== undefined) checkName(primary.trim(), ['failover', index, 'primary'], context, configuration);
      chain.forEach((model, place) => {
        checkName(model.trim(), ['failover', index, 'chain', place], context, configuration);
        if (chain.indexOf(model) === place) return;
        context.report('DUPLICATE_ENTRY', ['failover', index, 'chain', place], `"${model}" is already in this chain.`, {
          suggestion: 'Remove one of the two.',
        });
      });
    });
  },
});

function toReturn(kind: FailoverReturn['kind'] | undefined, answers = 3): FailoverReturn {
  return kind === 'after-answers' ? { kind, answers } : { kind: kind ?? 'at-once' };
}

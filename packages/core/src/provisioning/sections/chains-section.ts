import { z } from 'zod';
import { strategies } from '../../routing/index.ts';
import { callFailureKinds } from '../../spec/index.ts';
import type { ConfiguredChain } from '../configuration.ts';
import { checkName, checkNameIsFree } from '../names/check-name.ts';
import { defined } from '../schema/defined.ts';
import { expected, fields, list, named, oneOf, text } from '../schema/fields.ts';
import { defineSection } from '../section.ts';
import {
  contentPolicySchema,
  deliverySchema,
  hedgeSchema,
  overallMsSchema,
  patienceSchema,
  readHedge,
  readPatience,
} from './policy-fields.ts';
import { readTriggers, triggerFields } from './trigger-fields.ts';

const triggersSchema = fields(triggerFields).describe(
  'When a model is passed over without being asked. All absent: never.',
);

const modelsSchema = list(text('the name of a model, an alias or a chain', { max: 300 }), 'models', {
  min: 1,
  max: 16,
}).describe('Models, aliases or other chains, asked in this order.');

const chainSchema = z.union(
  [
    modelsSchema,
    fields({
      models: modelsSchema,
      strategy: oneOf(strategies).optional().describe('In which order the models are asked. Absent: as they stand.'),
      delivery: deliverySchema.optional(),
      content_policy: contentPolicySchema.optional(),
      failover_on: list(oneOf(callFailureKinds), 'kinds of failure', { min: 1, max: 100 })
        .optional()
        .describe('Which failures lead to the next model. Absent: all that another model could survive.'),
      triggers: triggersSchema.optional(),
      overall_ms: overallMsSchema.optional(),
      patience: patienceSchema.optional(),
      hedge: hedgeSchema.optional(),
    }),
  ],
  expected('a list of models, or a map with "models"'),
);

export const chainsSection = defineSection({
  key: 'chains',
  schema: named(chainSchema, 'names and their chains').describe(
    'Models to be asked in order: the next one answers when one fails. A plain list is short for {models: […]}.',
  ),
  read(given, context) {
    const chains = Object.entries(given).map(([name, chain]): ConfiguredChain => {
      const position = context.positionOf(['chains', name], 'key');
      if (Array.isArray(chain)) return { name, models: chain.map((model) => model.trim()), position };
      const { triggers } = chain;
      return {
        name,
        models: chain.models.map((model) => model.trim()),
        ...defined({
          strategy: chain.strategy,
          delivery: chain.delivery,
          contentPolicy: chain.content_policy,
          failoverOn: chain.failover_on && [...new Set(chain.failover_on)],
          overallMs: chain.overall_ms,
          triggers: triggers && readTriggers(triggers),
        }),
        ...readPatience(chain.patience),
        ...readHedge(chain.hedge),
        position,
      };
    });
    return { chains };
  },
  check(given, context, configuration) {
    for (const { name, models } of configuration.chains) {
      const path = ['chains', name];
      const modelsPath = Array.isArray(given[name]) ? path : [...path, 'models'];
      checkNameIsFree(name, path, context);
      const alias = configuration.aliases.find((candidate) => candidate.name === name);
      if (alias) {
        context.report('NAME_TAKEN', path, `"${name}" is also an alias, in line ${alias.position.line}.`, {
          spot: 'key',
          suggestion: 'Give one of the two another name.',
        });
      }
      models.forEach((model, index) => {
        checkName(model, [...modelsPath, index], context, configuration);
        const first = models.indexOf(model);
        if (first === index) return;
        const { line } = context.positionOf([...modelsPath, first]);
        context.report(
          'DUPLICATE_ENTRY',
          [...modelsPath, index],
          `"${model}" is already in this chain, in line ${line}.`,
          {
            suggestion: 'Remove one of the two: a model is retried by itself (retry.max_attempts).',
          },
        );
      });
    }
  },
});

import { z } from 'zod';
import { type CallParameters, isRoleName, type RoleModel } from '../../roles/index.ts';
import { reasoningEfforts } from '../../spec/index.ts';
import type { ConfiguredRole } from '../configuration.ts';
import { checkName } from '../names/check-name.ts';
import { defined } from '../schema/defined.ts';
import { expected, fields, flag, list, named, oneOf, text, wholeNumber } from '../schema/fields.ts';
import { defineSection, type SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';

const number = (min: number, max: number) => {
  const what = expected(`a number from ${min} to ${max}`);
  return z.number(what).min(min, what).max(max, what);
};

const parametersSchema = fields({
  temperature: number(0, 2).optional().describe('How freely it writes.'),
  top_p: number(0, 1).optional().describe('The share of likely words that are chosen among.'),
  top_k: wholeNumber(1, 1_000).optional().describe('How many words are chosen among.'),
  max_output_tokens: wholeNumber(1, 10_000_000).optional().describe('The longest answer.'),
  seed: wholeNumber(0, 2 ** 31 - 1)
    .optional()
    .describe('The same seed gives similar answers where the vendor supports it.'),
  frequency_penalty: number(-2, 2).optional().describe('Against words that were used often.'),
  presence_penalty: number(-2, 2).optional().describe('Against words that were used at all.'),
  stop_sequences: list(text('a stop sequence', { max: 100 }), 'stop sequences', { min: 1, max: 16 })
    .optional()
    .describe('Where to stop.'),
  reasoning_effort: oneOf(reasoningEfforts).optional().describe('How much a reasoning model should think.'),
}).describe('What tunes the calls; what a caller or a step sets wins.');

const modelName = () => text('the name of a model, an alias or a chain', { max: 300 });

const roleModelSchema = z.union(
  [
    modelName(),
    fields({
      model: modelName().describe('A model, an alias or a chain; or auto alone.'),
      parameters: parametersSchema.optional(),
    }),
  ],
  expected('the name of a model, or a map with "model"'),
);

const modelsSchema = list(roleModelSchema, 'models', { min: 0, max: 16 }).describe(
  'Models, aliases or chains, asked in this order. Empty: the default role stands in.',
);

const roleSchema = z.union(
  [
    modelsSchema,
    fields({
      description: text('a description', { max: 500 }).optional().describe('For people.'),
      models: modelsSchema.optional(),
      parameters: parametersSchema.optional(),
      strict: flag().optional().describe("Never ask the default role's models when its own fail."),
      default: flag().optional().describe('Whether it stands in for roles without models. One role at most.'),
    }),
  ],
  expected('a list of models, or a map with "models"'),
);

type GivenRole = Exclude<z.output<typeof roleSchema>, readonly unknown[]>;

export const rolesSection = defineSection({
  key: 'roles',
  schema: named(roleSchema, 'names and their roles').describe(
    'Named slots for models: whoever asks for role:coder gets these. A plain list is short for {models: […]}.',
  ),
  read(given, context) {
    const roles = Object.entries(given).map(([name, value]): ConfiguredRole => {
      const { description, models = [], parameters, strict } = asMap(value);
      return {
        name,
        models: models.map(toRoleModel),
        ...defined({ description, isStrict: strict, parameters: parameters && toParameters(parameters) }),
        position: context.positionOf(['roles', name], 'key'),
      };
    });
    const [defaultRole] = Object.keys(given).filter((name) => asMap(given[name] ?? []).default === true);
    return { roles, ...defined({ defaultRole }) };
  },
  check(given, context, configuration) {
    const defaults = Object.keys(given).filter((name) => asMap(given[name] ?? []).default === true);
    for (const name of defaults.slice(1)) {
      context.report('CONTRADICTION', ['roles', name, 'default'], `"${defaults[0]}" is the default role already.`, {
        suggestion: 'Only one role can stand in for the others.',
      });
    }
    for (const { name, models } of configuration.roles) {
      const value = given[name];
      const path = ['roles', name];
      const modelsPath = Array.isArray(value) ? path : [...path, 'models'];
      if (!isRoleName(name)) {
        context.report('INVALID_ID', path, `"${name}" cannot be the name of a role.`, {
          spot: 'key',
          suggestion: 'Use lower-case letters, digits and dashes, beginning with a letter.',
        });
      }
      if (name === defaults[0] && models.length === 0) {
        context.report('CONTRADICTION', path, `The default role "${name}" has no models to stand in with.`, {
          suggestion: 'Give it models.',
        });
      }
      models.forEach(({ model }, index) => {
        const given = asMap(value ?? []).models?.[index];
        const at = [...modelsPath, index, ...(typeof given === 'string' ? [] : ['model'])];
        const first = models.findIndex((each) => each.model === model);
        if (first !== index) {
          context.report('DUPLICATE_ENTRY', at, `"${model}" is already in this role.`, {
            suggestion: 'Remove one of the two.',
          });
        }
        checkRoleModel(model, models.length, at, context, () => checkName(model, at, context, configuration));
      });
    }
  },
});

function checkRoleModel(
  model: string,
  count: number,
  path: SourcePath,
  context: SectionContext,
  checkOther: () => void,
): void {
  if (model === 'auto') {
    if (count === 1) return;
    context.report('CONTRADICTION', path, '"auto" chooses among all models, so nothing can stand beside it.', {
      suggestion: 'Name the models, or auto alone.',
    });
  } else if (model.startsWith('role:')) {
    context.report('INVALID_VALUE', path, 'A role cannot lead to another role.', { suggestion: 'Name the models.' });
  } else checkOther();
}

const asMap = (value: z.output<typeof roleSchema>): GivenRole => (Array.isArray(value) ? { models: value } : value);

function toRoleModel(given: z.output<typeof roleModelSchema>): RoleModel {
  if (typeof given === 'string') return { model: given.trim() };
  const { model, parameters } = given;
  return { model: model.trim(), ...(parameters && { parameters: toParameters(parameters) }) };
}

function toParameters(given: z.output<typeof parametersSchema>): CallParameters {
  return defined({
    temperature: given.temperature,
    topP: given.top_p,
    topK: given.top_k,
    maxOutputTokens: given.max_output_tokens,
    seed: given.seed,
    frequencyPenalty: given.frequency_penalty,
    presencePenalty: given.presence_penalty,
    stopSequences: given.stop_sequences,
    reasoningEffort: given.reasoning_effort,
  });
}

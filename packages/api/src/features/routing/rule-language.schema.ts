import { conditionFunctions, factFields, factVariables } from '@switchyard/core/routing';
import { builder } from '../../graphql/builder.ts';

interface RuleFact {
  readonly path: string;
  readonly type: string;
}

/** Every name that a condition can read, with its type. A map stands once, with a key to be filled in. */
function listFacts(): readonly RuleFact[] {
  return Object.entries(factVariables).flatMap(([variable, type]): readonly RuleFact[] => {
    const record = /(\w+)>?$/.exec(type)?.[1] as keyof typeof factFields;
    const owner = type.startsWith('map<') ? `${variable}[""]` : variable;
    return Object.entries(factFields[record]).map(([field, fieldType]) => ({
      path: `${owner}.${field}`,
      type: fieldType,
    }));
  });
}

const RuleFactType = builder.objectRef<RuleFact>('RoutingRuleFact').implement({
  description: 'Something that a condition can read.',
  fields: (t) => ({
    path: t.exposeString('path', { description: '`request.role`; of a map with an empty key: `models[""].quality`.' }),
    type: t.exposeString('type', { description: '`string`, `int`, `double`, `bool` or `list<string>`.' }),
  }),
});

interface RuleLanguage {
  readonly facts: readonly RuleFact[];
  readonly modelIds: readonly string[];
  readonly budgetNames: readonly string[];
}

const RuleLanguageType = builder.objectRef<RuleLanguage>('RoutingRuleLanguage').implement({
  description: 'What conditions can be made of, for editors.',
  fields: (t) => ({
    facts: t.field({ type: [RuleFactType], description: 'What they can read.', resolve: ({ facts }) => [...facts] }),
    functions: t.stringList({ description: 'What they can call.', resolve: () => [...conditionFunctions] }),
    modelIds: t.stringList({ description: 'Keys of `models`.', resolve: ({ modelIds }) => [...modelIds] }),
    budgetNames: t.stringList({ description: 'Keys of `budgets`.', resolve: ({ budgetNames }) => [...budgetNames] }),
  }),
});

builder.queryFields((t) => ({
  routingRuleLanguage: t.field({
    type: RuleLanguageType,
    description: 'What the conditions of routing rules can be made of.',
    resolve: async (_root, _args, { services, identity }) => {
      const { inputs, models } = (await services.routing.of(identity.teamId)).snapshot;
      return {
        facts: listFacts(),
        modelIds: models.map(({ model }) => model.modelId),
        budgetNames: inputs.budgets.map(({ name }) => name),
      };
    },
  }),
}));

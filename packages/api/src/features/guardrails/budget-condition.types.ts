import type { BudgetCondition } from '@switchyard/core/guardrails';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { BudgetScopeKindEnum } from './budget.enums.ts';
import { sharedLoad } from './shared-load.ts';
import { nameOfValue, readTeamValues } from './team-values.ts';

const kindWords: Readonly<Record<BudgetCondition['kind'], string>> = {
  member: 'member',
  'api-key': 'API key',
  role: 'role',
  workflow: 'workflow',
  step: 'step',
  provider: 'provider',
  model: 'model',
  tag: 'tag',
};

const idTypes: Readonly<Partial<Record<BudgetCondition['kind'], string>>> = { member: 'User', 'api-key': 'ApiKey' };

/** The value of a condition as the API writes it: members and keys by their global ids. */
export function publicValue(kind: BudgetCondition['kind'], value: string): string {
  const idType = idTypes[kind];
  return idType === undefined ? value : encodeId(idType, value);
}

export const BudgetConditionType = builder.objectRef<BudgetCondition>('BudgetCondition').implement({
  description: 'One condition on calls.',
  fields: (t) => ({
    kind: t.field({
      type: BudgetScopeKindEnum,
      description: 'What it looks at.',
      resolve: ({ kind }) => kind,
    }),
    isEach: t.boolean({
      description: 'True: every value has a budget of its own, with this limit.',
      resolve: (condition) => 'each' in condition,
    }),
    value: t.string({
      nullable: true,
      description: 'The value that calls must have: for members and API keys the id, else the name. Null for `isEach`.',
      resolve: (condition) => ('value' in condition ? publicValue(condition.kind, condition.value) : null),
    }),
    label: t.string({
      description: 'The condition for people, for example `each member` or `openai/gpt-5-mini`.',
      resolve: async (condition, _args, context) => {
        const { kind } = condition;
        if (!('value' in condition)) return `each ${kindWords[kind]}`;
        if (!idTypes[kind]) return condition.value;
        const values = await sharedLoad(context, 'team-values', () =>
          readTeamValues(context.services, context.identity.teamId),
        );
        return nameOfValue(kind, condition.value, values) ?? `a former ${kindWords[kind]}`;
      },
    }),
  }),
});

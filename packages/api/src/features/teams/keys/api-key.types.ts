import type { BudgetUnit, BudgetWindowKind } from '@switchyard/core/guardrails';
import { readNames, toKeyRules } from '../../../auth/api-key-rules.ts';
import type { ApiKeyScope } from '../../../auth/identity.ts';
import { builder } from '../../../graphql/builder.ts';
import { ApiKeyScopeEnum } from '../../../graphql/enums.ts';
import { BudgetWindowKindEnum } from '../../guardrails/budget.enums.ts';
import { BudgetType } from '../../guardrails/budget.types.ts';
import { toDecimal } from '../../guardrails/decimal-amount.ts';
import { readBudgetsOf } from './read-key-budget.ts';

export const ApiKeyStateEnum = builder.enumType('ApiKeyState', {
  description: 'Whether a key is good.',
  values: {
    ACTIVE: { description: 'It is.' },
    OVERLAPPING: { description: 'An old secret of a key that was rotated; good until `expiresAt`.' },
    ROTATED: { description: 'An old secret of a key that was rotated; refused.' },
    EXPIRED: { description: 'Its time is over; refused.' },
    REVOKED: { description: 'It was ended; refused.' },
  } as const,
});

export const ApiKeyOriginEnum = builder.enumType('ApiKeyOrigin', {
  description: 'Which providers a key may call.',
  values: {
    LIVE: { description: 'Real ones only: never the simulator.' },
    SIMULATED: { description: 'Simulated ones only: nothing leaves this machine and nothing costs money.' },
  } as const,
});

interface KeyBudgetState {
  readonly unit: BudgetUnit;
  readonly window: BudgetWindowKind;
  readonly limit: bigint;
  readonly spent: bigint;
  readonly simulatedSpent: bigint;
  readonly reserved: bigint;
  readonly resetsAt: Date | null;
  readonly isEnabled: boolean;
}

const KeyBudgetType = builder.objectRef<KeyBudgetState>('ApiKeyBudget').implement({
  description: 'What a key may spend in the window that runs now, and has spent.',
  fields: (t) => ({
    limit: t.field({
      type: 'Decimal',
      description: 'In USD, with the raises that hold now.',
      resolve: ({ unit, limit }) => toDecimal(unit, limit),
    }),
    window: t.expose('window', { type: BudgetWindowKindEnum, description: 'When it begins anew.' }),
    spent: t.field({
      type: 'Decimal',
      description: 'Spent at live providers, in USD.',
      resolve: ({ unit, spent }) => toDecimal(unit, spent),
    }),
    simulatedSpent: t.field({
      type: 'Decimal',
      description: 'What calls of the simulator would have cost, in USD; it has a limit of its own of the same height.',
      resolve: ({ unit, simulatedSpent }) => toDecimal(unit, simulatedSpent),
    }),
    reserved: t.field({
      type: 'Decimal',
      description: 'Held for live calls that run.',
      resolve: ({ unit, reserved }) => toDecimal(unit, reserved),
    }),
    resetsAt: t.expose('resetsAt', { type: 'DateTime', nullable: true, description: 'When the window ends.' }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether calls are held to it.' }),
  }),
});

const KeyRateType = builder
  .objectRef<{ readonly requests: number | null; readonly tokens: number | null }>('ApiKeyRateLimit')
  .implement({
    description: 'What a key may still use now.',
    fields: (t) => ({
      remainingRequests: t.int({
        nullable: true,
        description: 'Calls of models; null: not limited.',
        resolve: ({ requests }) => requests,
      }),
      remainingTokens: t.int({
        nullable: true,
        description: 'Tokens; null: not limited.',
        resolve: ({ tokens }) => tokens,
      }),
    }),
  });

export const ApiKeyType = builder.prismaNode('ApiKey', {
  nullable: true,
  description: 'A key for programs. Its secret is shown once, when it is made or rotated.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What the key is for.' }),
    prefix: t.exposeString('prefix', { description: 'How the secret begins.' }),
    lastFour: t.exposeString('lastFour', { description: 'The last four characters of the secret.' }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description: 'What the key may do.',
      select: { scopes: true },
      resolve: (key) => key.scopes as ApiKeyScope[],
    }),
    state: t.field({
      type: ApiKeyStateEnum,
      description: 'Whether it is good now.',
      select: { revokedAt: true, expiresAt: true, rotatedToId: true },
      resolve: ({ revokedAt, expiresAt, rotatedToId }, _args, { services }) => {
        const isExpired = expiresAt !== null && expiresAt.getTime() <= services.clock.nowMs();
        if (rotatedToId !== null) return isExpired || revokedAt !== null ? 'ROTATED' : 'OVERLAPPING';
        return revokedAt !== null ? 'REVOKED' : isExpired ? 'EXPIRED' : 'ACTIVE';
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.relation('createdBy', {
      nullable: true,
      description: 'Who made it; null for the installation itself.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'From when on it is refused.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was ended.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its present secret was last used, up to a minute late. Old secrets have their own.',
    }),
    rotatedAt: t.expose('rotatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it got its present secret; of an old secret, when it was replaced.',
    }),
    rotatedTo: t.relation('rotatedTo', {
      nullable: true,
      description: 'Of an old secret: the key that goes on with a new one.',
    }),
    rotatedFrom: t.relation('oldSecrets', {
      description: 'The old secrets of this key, latest first, at most 20; those that are OVERLAPPING are still good.',
      query: { orderBy: [{ rotatedAt: 'desc' }, { id: 'desc' }], take: 20 },
    }),
    allowedModels: t.stringList({
      nullable: true,
      description: 'The models it may call: `provider/model`, or `provider/*` for all of a provider. Null: all.',
      select: { allowedModels: true },
      resolve: (key) => namesOf(key.allowedModels),
    }),
    allowedRoles: t.stringList({
      nullable: true,
      description:
        'The roles it may call by (`role:name`). Null: all. With roles and without `allowedModels` it calls by roles only.',
      select: { allowedRoles: true },
      resolve: (key) => namesOf(key.allowedRoles),
    }),
    defaultModel: t.exposeString('defaultModel', {
      nullable: true,
      description: "What `auto`, or no model, means for it; null: the router's choice.",
    }),
    dataOrigin: t.field({
      type: ApiKeyOriginEnum,
      nullable: true,
      description: 'Which providers it may call; null: live and simulated ones.',
      select: { dataOrigin: true },
      resolve: ({ dataOrigin }) => (dataOrigin === null ? null : dataOrigin === 'SIMULATED' ? 'SIMULATED' : 'LIVE'),
    }),
    requestsPerMinute: t.exposeInt('requestsPerMinute', {
      nullable: true,
      description: 'Calls of models in a minute; null: not limited.',
    }),
    tokensPerMinute: t.exposeInt('tokensPerMinute', {
      nullable: true,
      description: 'Tokens in a minute, input and output together; null: not limited.',
    }),
    rateLimit: t.field({
      type: KeyRateType,
      nullable: true,
      description: 'What is left of both at this moment, in the process that answers; null when neither is limited.',
      select: {
        ...{ id: true, allowedModels: true, allowedRoles: true, defaultModel: true, dataOrigin: true },
        ...{ requestsPerMinute: true, tokensPerMinute: true },
      },
      resolve: (key, _args, { services }) => {
        const { requests, tokens } = services.keyRates.stateOf(toKeyRules(key));
        if (!requests && !tokens) return null;
        return { requests: requests?.remaining ?? null, tokens: tokens?.remaining ?? null };
      },
    }),
    budget: t.field({
      type: BudgetType,
      nullable: true,
      description: 'The budget that counts the calls of this key alone; null for none.',
      select: { budgetId: true, teamId: true },
      resolve: ({ budgetId, teamId }, _args, { services }) =>
        budgetId === null
          ? null
          : services.prisma.budget.findUnique({ where: { id_teamId: { id: budgetId, teamId } } }),
    }),
    budgetUse: t.field({
      type: KeyBudgetType,
      nullable: true,
      description: 'What it may spend and has spent; null without a budget of its own.',
      select: { budgetId: true },
      resolve: async ({ budgetId }, _args, context) => {
        if (budgetId === null) return null;
        const { budgets, windows } = await readBudgetsOf(context);
        const budget = budgets.get(budgetId);
        if (!budget) return null;
        const [live, simulated] = (['live', 'simulated'] as const).map((origin) =>
          windows.get(budgetId)?.find((each) => each.origin === origin),
        );
        const endMs = (live ?? simulated)?.endMs;
        return {
          ...{ unit: budget.unit, window: budget.window, isEnabled: budget.isEnabled },
          limit: (live ?? simulated)?.limit ?? budget.limit,
          spent: live?.spent ?? 0n,
          simulatedSpent: simulated?.spent ?? 0n,
          reserved: live?.reserved ?? 0n,
          resetsAt: endMs === undefined ? null : new Date(endMs),
        };
      },
    }),
  }),
});

function namesOf(column: unknown): string[] | null {
  const names = readNames(column);
  return names ? [...names] : null;
}

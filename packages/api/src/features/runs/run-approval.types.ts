import { type AccessRole, type Identity, mayDo } from '../../auth/identity.ts';
import { builder } from '../../graphql/builder.ts';
import { AccessRoleEnum } from '../../graphql/enums.ts';
import { BudgetApprovalType } from '../guardrails/approval.types.ts';
import { embedded } from './embedded.ts';
import type { ApprovalRecord } from './run-record.ts';

const ranks: readonly AccessRole[] = ['VIEWER', 'DEVELOPER', 'ADMIN', 'OWNER'];

/** Whether this person or key may decide the request; the service decides the same way. */
export function mayDecide({ accessRole, scopes }: Identity, { kind, approvers }: ApprovalRecord): boolean {
  if (kind === 'budget') return mayDo({ scopes }, 'MANAGE', 'WORK');
  return (
    mayDo({ scopes }, 'RUN', 'WORK') &&
    ranks.indexOf(accessRole) >= ranks.indexOf(approvers.toUpperCase() as AccessRole)
  );
}

export const RunApprovalKindEnum = builder.enumType('RunApprovalKind', {
  description: 'Why a person is asked.',
  values: {
    STEP: { value: 'step', description: 'A step of the workflow asks.' },
    BUDGET: { value: 'budget', description: 'A call would break a budget.' },
  } as const,
});

type Decision = NonNullable<ApprovalRecord['decision']>;

const RunApprovalDecisionType = builder.objectRef<Decision>('RunApprovalDecision').implement({
  description: 'What was decided.',
  fields: (t) => ({
    isApproved: t.exposeBoolean('isApproved', { description: 'Yes or no.' }),
    decidedBy: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who decided; null when time did, for keys of no person, and for people who left the team.',
      resolve: (query, { decidedBy }, _args, { services, identity }) =>
        decidedBy === undefined
          ? null
          : services.prisma.user.findFirst({
              ...query,
              where: { id: decidedBy, memberships: { some: { teamId: identity.teamId } } },
            }),
    }),
    comment: t.string({
      nullable: true,
      description: 'What they said.',
      resolve: ({ comment }) => comment ?? null,
    }),
    decidedAt: t.field({
      type: 'DateTime',
      description: 'When.',
      resolve: ({ decidedAtMs }) => new Date(decidedAtMs),
    }),
  }),
});

export const RunApprovalType = builder.objectRef<ApprovalRecord>('RunApproval').implement({
  description: 'A question to a person. A run waits for it for days, through restarts.',
  fields: (t) => ({
    approvalId: t.exposeString('approvalId', { description: 'Names it within its run.' }),
    stepId: t.exposeString('stepId', { description: 'The step that asks.' }),
    kind: t.expose('kind', { type: RunApprovalKindEnum, description: 'Why.' }),
    message: t.exposeString('message', { description: 'What the person is asked.' }),
    subject: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What it is about; null when the message says all.',
      resolve: ({ subject }) => subject ?? null,
    }),
    canEdit: t.exposeBoolean('canEdit', { description: 'Whether the person may change the subject.' }),
    approvers: t.field({
      type: AccessRoleEnum,
      description: 'The least access role that may decide.',
      resolve: ({ approvers }) => approvers.toUpperCase() as AccessRole,
    }),
    mayDecide: t.boolean({
      description: 'Whether you may decide it.',
      resolve: (approval, _args, { identity }) => approval.decision === undefined && mayDecide(identity, approval),
    }),
    requestedAt: t.field({
      type: 'DateTime',
      description: 'When it was asked.',
      resolve: ({ requestedAtMs }) => new Date(requestedAtMs),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When time decides; null when it never does before the deadline of the run.',
      resolve: ({ expiresAtMs }) => (expiresAtMs === undefined ? null : new Date(expiresAtMs)),
    }),
    budgetApproval: t.prismaField({
      type: BudgetApprovalType,
      nullable: true,
      description: 'The request for more money; null for a step.',
      resolve: (query, { budgetApprovalId }, _args, { services, identity }) =>
        budgetApprovalId === undefined
          ? null
          : services.prisma.budgetApproval.findUnique({
              ...query,
              where: { id_teamId: { id: budgetApprovalId, teamId: identity.teamId } },
            }),
    }),
    decision: t.field({
      complexity: embedded,
      type: RunApprovalDecisionType,
      nullable: true,
      description: 'Null while it waits.',
      resolve: ({ decision }) => decision ?? null,
    }),
  }),
});

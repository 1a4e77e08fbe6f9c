import type { FailureRehearsal } from '../../generated/prisma/client.ts';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NoEligibleModelFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';
import { RehearsalFaultEnum, RehearsalType } from './rehearsal.types.ts';
import { cancelRehearsal, startRehearsal } from './start-rehearsal.ts';

builder.queryField('failureRehearsals', (t) =>
  t.prismaConnection(
    {
      type: RehearsalType,
      cursor: 'id',
      description: "Your team's rehearsals, the newest first; kept for a year.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { providerId: t.arg.id({ description: 'Only of this provider.' }) },
      totalCount: (_root, { providerId }, { services, identity }) =>
        services.prisma.failureRehearsal.count({ where: toWhere(identity.teamId, providerId) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'failureRehearsals');
        return services.prisma.failureRehearsal.findMany({
          ...query,
          where: toWhere(identity.teamId, args.providerId),
          orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'FailureRehearsalConnection', description: 'A page of rehearsals.' },
    { name: 'FailureRehearsalEdge' },
  ),
);

function toWhere(teamId: string, providerId: string | null | undefined) {
  return { teamId, ...(providerId != null && { subjectId: decodeId(providerId, 'Provider') ?? '?' }) };
}

const RehearsalFaultInput = builder.inputType('RehearsalFaultInput', {
  description: 'How the provider is broken.',
  fields: (t) => ({
    kind: t.field({ type: RehearsalFaultEnum, required: true, description: 'How.' }),
    status: t.int({ description: 'Of ERROR: 401, 429, 500, 502, 503, 504 or 529; 503 when absent.' }),
    share: t.float({
      description: 'Of ERROR: share of calls, 0.01 to 1; 1 when absent, and always of a real provider.',
    }),
    delayMs: t.int({ description: 'Of LATENCY: before every answer, at most 120,000; 15,000 when absent.' }),
    afterTokens: t.int({ description: 'Of CUT: after so many tokens; 3 when absent.' }),
  }),
});

const StartFailureRehearsalInput = builder.inputType('StartFailureRehearsalInput', {
  description: 'Which failure to rehearse.',
  fields: (t) => ({
    providerId: t.id({ required: true, description: 'The provider to be broken.' }),
    model: t.string({
      required: true,
      description: 'What its calls ask for: a model of the provider, or an alias, chain or role that begins with one.',
    }),
    fallbacks: t.stringList({ description: 'Who stands in beside what plans and chains say; at most 16.' }),
    role: t.string({ description: 'In the name of this role.' }),
    workflow: t.string({ description: 'In the name of this workflow.' }),
    fault: t.field({ type: RehearsalFaultInput, description: 'How it is broken; OUTAGE when absent.' }),
    calls: t.int({ description: 'Calls while it is broken, 5 to 200; 20 when absent.' }),
    everyMs: t.int({ description: 'Between two calls, 20 to 5,000; 200 when absent.' }),
    maxSeconds: t.int({ description: 'By then everything is restored, 10 to 600; 120 when absent.' }),
    maxCostUsd: t.string({
      description: 'What its calls may cost together; 0.50 when absent. Budgets hold beside it.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const CancelFailureRehearsalInput = builder.inputType('CancelFailureRehearsalInput', {
  description: 'Which rehearsal to end.',
  fields: (t) => ({ rehearsalId: t.id({ required: true, description: 'The rehearsal.' }) }),
});

const success = (name: string, description: string) =>
  builder.objectRef<{ readonly rehearsal: FailureRehearsal }>(name).implement({
    description,
    fields: (t) => ({
      rehearsal: t.field({
        type: RehearsalType,
        description: 'The rehearsal.',
        resolve: ({ rehearsal }) => rehearsal as never,
      }),
    }),
  });
const StartFailureRehearsalSuccess = success(
  'StartFailureRehearsalSuccess',
  'It is under way; `healthEvents` tells its phases.',
);
const CancelFailureRehearsalSuccess = success('CancelFailureRehearsalSuccess', 'It ends within about a second.');

builder.mutationFields((t) => ({
  startFailureRehearsal: t.field({
    type: StartFailureRehearsalSuccess,
    description:
      'Brings about a failure, makes calls and reports what happened. Breaking a simulated provider needs the scope MANAGE.',
    errors: {
      types: [
        ValidationFailure,
        NotFoundFailure,
        NoEligibleModelFailure,
        ConflictFailure,
        ForbiddenFailure,
        IdempotencyFailure,
      ],
      directResult: true,
      union: { name: 'StartFailureRehearsalResult', description: 'The rehearsal, or why none was begun.' },
    },
    args: { input: t.arg({ type: StartFailureRehearsalInput, required: true, description: 'Which failure.' }) },
    resolve: async (_root, { input: { providerId, ...rest } }, { services, identity }) => ({
      rehearsal: await startRehearsal(services, identity, decodeId(providerId, 'Provider'), rest),
    }),
  }),
  cancelFailureRehearsal: t.field({
    type: CancelFailureRehearsalSuccess,
    description: 'Ends a rehearsal; what it broke is restored.',
    errors: {
      types: [NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'CancelFailureRehearsalResult', description: 'The rehearsal, or why it was not ended.' },
    },
    args: { input: t.arg({ type: CancelFailureRehearsalInput, required: true, description: 'Which rehearsal.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      rehearsal: await cancelRehearsal(services, identity, decodeId(input.rehearsalId, 'FailureRehearsal')),
    }),
  }),
}));

import { mayDo } from '../../auth/identity.ts';
import type { AuditEntry } from '../../generated/prisma/client.ts';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { type AuditChange, listChanges } from './audit-payload.ts';
import { whereEntries } from './find-entries.ts';
import { cannotRevert, revertChange } from './revert-change.ts';
import { summarizeEntry } from './summarize-entry.ts';
import { verifyAudit } from './verify-audit.ts';
import type { AuditVerification } from './verify-chain.ts';

const ActorKindEnum = builder.enumType('AuditActorKind', {
  description: 'What kind of actor did something.',
  values: {
    PERSON: { description: 'A signed-in person.' },
    KEY: { description: 'A program, by an API key.' },
    FILE: { description: 'The configuration file.' },
    SYSTEM: { description: 'The server itself: a worker, or its start.' },
  },
});

const OperationEnum = builder.enumType('AuditOperation', {
  description: 'What happened to an object.',
  values: {
    INSERT: { description: 'It was made.' },
    UPDATE: { description: 'It was changed.' },
    DELETE: { description: 'It was removed.' },
    EVENT: { description: 'Nothing of it was changed: something happened.' },
  },
});

const AuditActorType = builder.objectRef<AuditEntry>('AuditActor').implement({
  description: 'Who did something.',
  fields: (t) => ({
    kind: t.field({ type: ActorKindEnum, description: 'What kind.', resolve: (entry) => entry.actorKind as 'PERSON' }),
    name: t.exposeString('actorName', { description: 'How they were called then.' }),
    user: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'The person, or the maker of the key; null for others, and for who has left the team.',
      resolve: (query, entry, _args, { services, identity }) =>
        entry.actorUserId === null
          ? null
          : services.prisma.user.findFirst({
              ...query,
              where: { id: entry.actorUserId, memberships: { some: { teamId: identity.teamId } } },
            }),
    }),
    apiKey: t.prismaField({
      type: 'ApiKey',
      nullable: true,
      description: 'The key.',
      resolve: (query, entry, _args, { services, identity }) =>
        entry.actorApiKeyId === null
          ? null
          : services.prisma.apiKey.findUnique({
              ...query,
              where: { id_teamId: { id: entry.actorApiKeyId, teamId: identity.teamId } },
            }),
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, when neither a person nor a key acted: the worker that did it, or the file.',
    }),
  }),
});

const AuditChangeType = builder.objectRef<AuditChange>('AuditChange').implement({
  description: 'One value that was changed.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it stands: names joined by dots.' }),
    before: t.exposeString('before', { nullable: true, description: 'What it was, shortened; null: nothing.' }),
    after: t.exposeString('after', { nullable: true, description: 'What it is since, shortened; null: nothing.' }),
    isSecret: t.exposeBoolean('isSecret', { description: 'That it was changed is all that is ever told.' }),
  }),
});

export const AuditEntryType = builder.prismaNode('AuditEntry', {
  nullable: true,
  description: 'One change or event of your team. Entries never change, and each holds the hash of the one before it.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    seq: t.exposeInt('seq', { description: 'Its number in your team, from 1, without gaps.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When, by the clock of the database.' }),
    actor: t.field({ type: AuditActorType, description: 'Who did it.', resolve: (entry) => entry }),
    action: t.exposeString('action', {
      description: 'The mutation that did it, or what happened: `updateBudget`, `sign-in/email`.',
    }),
    operation: t.field({
      type: OperationEnum,
      description: 'What happened to the object.',
      resolve: (entry) => entry.operation as 'INSERT',
    }),
    summary: t.string({ description: 'One sentence of what happened.', resolve: summarizeEntry }),
    objectType: t.exposeString('objectType', { description: 'What it is about: `Budget`, `Member`.' }),
    objectId: t.id({
      nullable: true,
      description: 'The id of what it is about, which may be gone; usable in the filter.',
      resolve: ({ objectType, objectId }) => (objectId === null ? null : encodeId(objectType, objectId)),
    }),
    objectName: t.exposeString('objectName', { nullable: true, description: 'How it was called then.' }),
    changes: t.field({
      type: [AuditChangeType],
      description: 'What was changed, value by value; at most 200.',
      resolve: listChanges,
    }),
    ipAddress: t.string({
      nullable: true,
      description: 'Where the request came from, as the socket tells. Needs MANAGE of the team; else null.',
      resolve: ({ ipAddress }, _args, { identity }) => (mayDo(identity, 'MANAGE', 'TEAM') ? ipAddress : null),
    }),
    userAgent: t.string({
      nullable: true,
      description: 'What the client called itself. Needs MANAGE of the team; else null.',
      resolve: ({ userAgent }, _args, { identity }) => (mayDo(identity, 'MANAGE', 'TEAM') ? userAgent : null),
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The request that did it. Entries of one request belong together; logs name it as well.',
    }),
    canRevert: t.boolean({
      description: 'Whether you can take it back with `revertChange`.',
      resolve: async (entry, _args, { services, identity }) =>
        (await cannotRevert(services, identity, entry)) === undefined,
    }),
    cannotRevertBecause: t.string({
      nullable: true,
      description: 'Why it cannot be taken back; null when it can.',
      resolve: async (entry, _args, { services, identity }) => (await cannotRevert(services, identity, entry)) ?? null,
    }),
    revertedBy: t.prismaField({
      type: 'AuditEntry',
      nullable: true,
      description: 'The entry that took it back.',
      resolve: (query, { teamId, seq }, _args, { services }) =>
        services.prisma.auditEntry.findFirst({
          ...query,
          where: { teamId, revertsSeq: seq },
          orderBy: { seq: 'desc' },
        }),
    }),
    reverts: t.prismaField({
      type: 'AuditEntry',
      nullable: true,
      description: 'The entry that it takes back.',
      resolve: (query, { teamId, revertsSeq }, _args, { services }) =>
        revertsSeq === null
          ? null
          : services.prisma.auditEntry.findUnique({ ...query, where: { teamId_seq: { teamId, seq: revertsSeq } } }),
    }),
    previousHash: t.exposeString('previousHash', { description: 'The hash of the entry before it, SHA-256 in hex.' }),
    hash: t.exposeString('hash', { description: 'Stands for this entry and all before it, SHA-256 in hex.' }),
  }),
});

const AuditVerificationType = builder.objectRef<AuditVerification>('AuditVerification').implement({
  description: 'Whether the audit log is as it was written.',
  fields: (t) => ({
    isIntact: t.exposeBoolean('isIntact', { description: 'Whether no entry was changed, removed, moved or added.' }),
    checkedEntries: t.exposeInt('checkedEntries', { description: 'How many entries were computed anew.' }),
    brokenSeq: t.int({
      nullable: true,
      description: 'The first entry that is not as it was written.',
      resolve: ({ brokenSeq }) => brokenSeq ?? null,
    }),
    problem: t.string({
      nullable: true,
      description: 'What is wrong with it.',
      resolve: (each) => each.problem ?? null,
    }),
    lastSeq: t.exposeInt('lastSeq', { description: 'The number of the last entry.' }),
    lastHash: t.exposeString('lastHash', {
      description: 'Stands for all entries: kept elsewhere, it shows even a log that was written anew as a whole.',
    }),
    anchorSeq: t.exposeInt('anchorSeq', { description: 'Entries up to this one were removed as too old; 0: none.' }),
  }),
});

const AuditLogFilter = builder.inputType('AuditLogFilter', {
  description: 'Which entries. What is given must all hold.',
  fields: (t) => ({
    actorId: t.id({ description: 'Of this user or API key.' }),
    actorKind: t.field({ type: ActorKindEnum, description: 'Of this kind of actor.' }),
    action: t.string({ description: 'Of this action, such as `updateBudget`.' }),
    objectType: t.string({ description: 'About objects of this type, such as `Budget`.' }),
    objectId: t.id({ description: 'About this object.' }),
    from: t.field({ type: 'DateTime', description: 'At this time or later.' }),
    to: t.field({ type: 'DateTime', description: 'Before this time.' }),
    search: t.string({
      description: 'With this text in action, object, actor or values; large and small letters alike.',
    }),
    requestId: t.string({ description: 'Of this request.' }),
  }),
});

const RevertChangeInput = builder.inputType('RevertChangeInput', {
  description: 'A change to be taken back.',
  fields: (t) => ({ auditEntryId: t.id({ required: true, description: 'The entry of the change.' }) }),
});

const RevertChangeSuccess = builder.objectRef<{ readonly entryId: string }>('RevertChangeSuccess').implement({
  description: 'It was taken back.',
  fields: (t) => ({
    auditEntry: t.prismaField({
      type: 'AuditEntry',
      description: 'The entry of taking it back.',
      resolve: (query, { entryId }, _args, { services, identity }) =>
        services.prisma.auditEntry.findUniqueOrThrow({
          ...query,
          where: { id_teamId: { id: entryId, teamId: identity.teamId } },
        }),
    }),
  }),
});

builder.queryFields((t) => ({
  auditLog: t.prismaConnection(
    {
      type: AuditEntryType,
      cursor: 'id',
      description: 'Who changed what in your team, newest first.',
      complexity: ({ first, last }) => ({ field: 1, multiplier: first ?? last ?? defaultPageSize }),
      args: { filter: t.arg({ type: AuditLogFilter, description: 'Which entries; all when absent.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.auditEntry.count({ where: whereEntries(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'entries');
        return services.prisma.auditEntry.findMany({
          ...query,
          where: whereEntries(identity.teamId, args.filter),
          orderBy: { seq: 'desc' },
        });
      },
    },
    { name: 'AuditLogConnection', description: 'A page of the audit log.' },
    { name: 'AuditLogEdge' },
  ),
  auditVerification: t.field({
    type: AuditVerificationType,
    description: 'Computes the chain of your audit log anew and compares it. Reads every entry. Needs MANAGE.',
    complexity: { field: 500 },
    resolve: (_root, _args, { services, identity }) => verifyAudit(services, identity.teamId),
  }),
}));

builder.mutationFields((t) => ({
  revertChange: t.field({
    type: RevertChangeSuccess,
    description:
      'Takes a change back, by the same rules as if somebody set the old values by hand. Refused, with the reason, when something changed since. Needs MANAGE.',
    errors: outcomes('RevertChangeResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: RevertChangeInput, required: true, description: 'What to take back.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      revertChange(services, identity, decodeId(input.auditEntryId, 'AuditEntry')),
  }),
}));

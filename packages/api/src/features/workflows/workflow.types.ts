import { validateWorkflow, type WorkflowProblem } from '@switchyard/core/workflows';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { type FoundWorkflow, findWorkflow, readStoredDefinition } from './find-workflow.ts';
import type { CardPositions, DraftRow } from './workflow.repository.ts';
import { readWorkflowEnvironment } from './workflow-environment.ts';
import { WorkflowProblemType } from './workflow-problem.types.ts';
import { findWorkflowUses } from './workflow-uses.ts';

export const WorkflowVersionType = builder.prismaNode('WorkflowVersion', {
  nullable: true,
  description: 'A published definition; it is never changed.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'From 1, without gaps.' }),
    definition: t.field({
      type: 'JSON',
      description: 'What it does, in canonical order.',
      select: { definition: true },
      resolve: ({ definition }) => JSON.parse(definition) as unknown,
    }),
    note: t.exposeString('note', { nullable: true, description: 'What whoever published it said.' }),
    restoredFrom: t.exposeInt('restoredFrom', {
      nullable: true,
      description: 'The earlier version that was put back into force.',
    }),
    publishedByName: t.string({
      nullable: true,
      description: 'Who published it; null for a key that belongs to no person.',
      select: { publishedById: true },
      resolve: async ({ publishedById }, _args, { services, identity: { teamId } }) => {
        if (publishedById === null) return null;
        const where = { id: publishedById, memberships: { some: { teamId } } };
        return (await services.prisma.user.findFirst({ where, select: { name: true } }))?.name ?? null;
      },
    }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', description: 'When.' }),
  }),
});

const WorkflowDraftType = builder.objectRef<DraftRow>('WorkflowDraft').implement({
  description: 'The definition that the team works on; not in force.',
  fields: (t) => ({
    definition: t.field({
      type: 'JSON',
      description: 'As far as it has come.',
      resolve: ({ definition }) => JSON.parse(definition) as unknown,
    }),
    revision: t.exposeInt('revision', { description: 'To be given when it is saved or published.' }),
    basedOn: t.exposeInt('basedOn', { description: 'The version that it began as; 0 when there was none.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was saved.' }),
    problems: t.field({
      type: [WorkflowProblemType],
      description: 'What is wrong with it, as your team stands now.',
      complexity: { field: 10, multiplier: 1 },
      resolve: ({ definition }, _args, { services, identity }): WorkflowProblem[] => [
        ...validateWorkflow(JSON.parse(definition), readWorkflowEnvironment(services, identity.teamId)).problems,
      ],
    }),
  }),
});

const CardPositionType = builder
  .objectRef<{ readonly stepId: string; readonly x: number; readonly y: number }>('WorkflowCardPosition')
  .implement({
    description: 'Where the card of a step lies on the canvas.',
    fields: (t) => ({
      stepId: t.exposeString('stepId', { description: 'The step.' }),
      x: t.exposeFloat('x', { description: 'To the right.' }),
      y: t.exposeFloat('y', { description: 'Down.' }),
    }),
  });

export const WorkflowType = builder.objectRef<FoundWorkflow>('Workflow');

builder.node(WorkflowType, {
  description: 'A chain of steps that ask models. Of your team, or of the configuration file and read-only.',
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'row' in value && 'ofFile' in value,
  loadOne: async (id, { services, identity }) => (await findWorkflow(services, identity.teamId, id)) ?? null,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What stands behind `workflow:`.' }),
    sourceDetail: t.string({
      nullable: true,
      description: 'For a workflow of the configuration file its place, such as `switchyard.yaml:31`; it is read-only.',
      resolve: ({ ofFile }) => ofFile?.place ?? null,
    }),
    publishedVersion: t.int({
      nullable: true,
      description: 'The version in force; null when none is, and for a workflow of the configuration file.',
      resolve: ({ row }) => row?.publishedVersion ?? null,
    }),
    isPublished: t.boolean({
      description: 'Whether it can be run.',
      resolve: ({ row, ofFile }) => ofFile !== undefined || row?.publishedVersion != null,
    }),
    definition: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What is in force; null while nothing is.',
      complexity: { field: 1, multiplier: 1 },
      resolve: (workflow, _args, { services, identity }) =>
        workflow.row && workflow.row.publishedVersion === null
          ? null
          : readStoredDefinition(services, identity.teamId, workflow, undefined),
    }),
    draft: t.field({
      type: WorkflowDraftType,
      nullable: true,
      description: 'What the team works on; null when that is what is in force.',
      resolve: ({ row }, _args, { services, identity }) =>
        row ? services.workflows.findDraft(identity.teamId, row.id) : null,
    }),
    positions: t.field({
      type: [CardPositionType],
      description: 'Where the cards lie; a step without one was never moved.',
      resolve: ({ row }) =>
        Object.entries((row?.positions ?? {}) as CardPositions).map(([stepId, { x, y }]) => ({ stepId, x, y })),
    }),
    usedBy: t.stringList({
      description: 'What names it and keeps it from being deleted, in words.',
      complexity: { field: 2, multiplier: 1 },
      resolve: async ({ name, row }, _args, { services, identity }) =>
        row ? [...(await findWorkflowUses(services, identity.teamId, name))] : [],
    }),
    createdAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was made; null for one of the file.',
      resolve: ({ row }) => row?.createdAt ?? null,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When draft or version last changed; null for one of the file.',
      resolve: ({ row }) => row?.updatedAt ?? null,
    }),
    versions: t.field({
      type: [WorkflowVersionType],
      description: 'What was published, the newest first.',
      complexity: (args) => ({ field: 1, multiplier: args.first ?? defaultPageSize }),
      args: {
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        before: t.arg.int({ description: 'Only versions before this one.' }),
      },
      resolve: ({ row }, args, { services, identity: { teamId } }) => {
        assertPageSize(args, 'versions');
        if (!row) return [];
        return services.prisma.workflowVersion.findMany({
          where: { teamId, workflowId: row.id, ...(args.before != null && { version: { lt: args.before } }) },
          orderBy: { version: 'desc' },
          take: Math.max(0, args.first ?? defaultPageSize),
        });
      },
    }),
  }),
});

import { toStorableText } from '@switchyard/core/kernel';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { RunType } from './run.types.ts';
import type { RunFilter, RunPage, RunPageRequest } from './run-service.ts';
import { RunSourceEnum, RunStateEnum } from './run-state.types.ts';

const RunFilterInput = builder.inputType('RunFilter', {
  description: 'Which runs to list; every condition given must hold.',
  fields: (t) => ({
    workflow: t.string({ description: 'The name of their workflow.' }),
    workflowId: t.id({ description: 'Their workflow.' }),
    states: t.field({ type: [RunStateEnum], description: 'In one of these states.' }),
    sources: t.field({ type: [RunSourceEnum], description: 'That came in one of these ways.' }),
    startedAfter: t.field({ type: 'DateTime', description: 'Started at this instant or later.' }),
    startedBefore: t.field({ type: 'DateTime', description: 'Started before this instant.' }),
    startedBy: t.id({ description: 'The member who started them.' }),
    tag: t.string({ description: 'With this tag.' }),
    search: t.string({ description: 'A part of the workflow, the id, a tag or the error.' }),
    hasFailover: t.boolean({ description: 'In which another model was asked in place of one, or not.' }),
    hasBreach: t.boolean({ description: 'In which a budget or limit stood against a call, or not.' }),
    withPreviews: t.boolean({ description: 'Previews of single steps too; they are left out otherwise.' }),
  }),
});

/** An id of another kind finds nothing. */
const nothing = '?';

function toFilter(given: typeof RunFilterInput.$inferInput | null | undefined): RunFilter {
  const search = given?.search ? toStorableText(given.search.trim()) : '';
  return {
    ...(given?.workflow != null && { workflowName: toStorableText(given.workflow) }),
    ...(given?.workflowId != null && { workflowId: decodeId(given.workflowId, 'Workflow') ?? nothing }),
    ...(given?.states && { states: given.states }),
    ...(given?.sources && { sources: given.sources }),
    ...(given?.startedAfter && { createdFromMs: given.startedAfter.getTime() }),
    ...(given?.startedBefore && { createdBeforeMs: given.startedBefore.getTime() }),
    ...(given?.startedBy != null && { startedById: decodeId(given.startedBy, 'User') ?? nothing }),
    ...(given?.tag != null && { tag: toStorableText(given.tag) }),
    ...(search !== '' && { search }),
    ...(given?.hasFailover != null && { hasFailover: given.hasFailover }),
    ...(given?.hasBreach != null && { hasBreach: given.hasBreach }),
    ...(given?.withPreviews && { withPreviews: true }),
  };
}

interface PageArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** The cursor of a run is its id, so that a page can begin beside any run. */
function readCursor(cursor: string): string {
  const id = decodeId(cursor, 'Run');
  if (id === undefined) throw badInput('A cursor of runs is the id of a run.');
  return id;
}

function toPageRequest({ first, last, after, before }: PageArguments): RunPageRequest {
  if ((first ?? 0) < 0 || (last ?? 0) < 0) throw badInput('Ask for no less than 0 runs.');
  if (first != null && last != null) throw badInput('Give first or last, not both.');
  if (after != null && before != null) throw badInput('Give after or before, not both.');
  if (last != null && before == null) throw badInput('Give before together with last.');
  if (before != null && last == null && first != null) throw badInput('Give last together with before.');
  const limit = first ?? last ?? defaultPageSize;
  return {
    limit,
    ...(after != null && { afterId: readCursor(after) }),
    ...(before != null && { beforeId: readCursor(before) }),
  };
}

const nothingFound: RunPage = { runs: [], hasMore: false };

builder.queryFields((t) => ({
  run: t.field({
    type: RunType,
    nullable: true,
    description: 'One run; null when your team has no such.',
    args: { id: t.arg.globalID({ required: true, description: 'Its id.', for: RunType }) },
    resolve: async (_root, { id }, { services, identity }) =>
      (await services.runs.find(identity.teamId, id.id)) ?? null,
  }),
  runs: t.connection(
    {
      type: RunType,
      description:
        "Your team's runs, newest first. The id of a run is its cursor: `first: 1, after: <id>` is the one before it.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { filter: t.arg({ type: RunFilterInput, description: 'Which runs.' }) },
      resolve: async (_root, args, { services, identity }) => {
        assertPageSize(args, 'runs');
        const filter = toFilter(args.filter);
        const request = toPageRequest(args);
        const isBackward = request.beforeId !== undefined;
        const page = request.limit === 0 ? nothingFound : await services.runs.list(identity.teamId, filter, request);
        const edges = page.runs.map((node) => ({ node, cursor: encodeId('Run', node.id) }));
        return {
          edges,
          filter,
          pageInfo: {
            startCursor: edges[0]?.cursor ?? null,
            endCursor: edges.at(-1)?.cursor ?? null,
            hasNextPage: isBackward ? edges.length > 0 : page.hasMore,
            hasPreviousPage: isBackward ? page.hasMore : request.afterId !== undefined,
          },
        };
      },
    },
    {
      name: 'RunConnection',
      description: 'A page of runs.',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'How many there are in all.',
          resolve: (page, _args, { services, identity }) =>
            services.runs.count(identity.teamId, (page as unknown as { readonly filter: RunFilter }).filter),
        }),
      }),
    },
    { name: 'RunEdge' },
  ),
}));

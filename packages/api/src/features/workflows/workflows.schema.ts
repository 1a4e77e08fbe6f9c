import { resolveArrayConnection } from '@pothos/plugin-relay';
import {
  type Completion,
  type Completions,
  completionsAt,
  diffDefinitions,
  type GalleryEntry,
  gallery,
  readDefinition,
  validateWorkflow,
  validateWorkflowText,
  type WorkflowProblem,
  writeWorkflowJson,
  writeWorkflowYaml,
} from '@switchyard/core/workflows';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { findWorkflow, listWorkflows, readStoredDefinition } from './find-workflow.ts';
import { WorkflowType } from './workflow.types.ts';
import { readWorkflowEnvironment } from './workflow-environment.ts';
import { WorkflowChangeType, WorkflowProblemType } from './workflow-problem.types.ts';

const longestText = 2_000_000;

const WorkflowFormatEnum = builder.enumType('WorkflowFormat', {
  description: 'How a definition is written.',
  values: {
    YAML: { description: 'For people and for version control.' },
    JSON: { description: 'For programs.' },
  } as const,
});

const ExportType = builder.objectRef<{ readonly fileName: string; readonly text: string }>('WorkflowExport').implement({
  description: 'A definition as a file, in canonical order: importing it and exporting that gives the same bytes.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', { description: 'What to call it.' }),
    text: t.exposeString('text', { description: 'What is in it.' }),
  }),
});

const ValidationType = builder
  .objectRef<{ readonly problems: readonly WorkflowProblem[] }>('WorkflowValidation')
  .implement({
    description: 'What is wrong with a definition, as your team stands now.',
    fields: (t) => ({
      isValid: t.boolean({
        description: 'Whether it could be published.',
        resolve: ({ problems }) => !problems.some(({ severity }) => severity === 'error'),
      }),
      problems: t.field({
        type: [WorkflowProblemType],
        description: 'All problems at once.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });

const ValidateInput = builder.inputType('WorkflowToValidate', {
  description: 'A definition: exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'As YAML or JSON; problems then have their place in it.' }),
    definition: t.field({ type: 'JSON', description: 'As plain data.' }),
  }),
});

const CompletionType = builder.objectRef<Completion>('WorkflowCompletion').implement({
  description: 'Something that a template or an expression can name.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'As it is written: `steps.plan.output`.' }),
    type: t.exposeString('type', { description: 'What it is: `list of string`.' }),
  }),
});

const CompletionsType = builder.objectRef<Completions>('WorkflowCompletions').implement({
  description: 'What an editor can offer in the texts of a step.',
  fields: (t) => ({
    variables: t.field({
      type: [CompletionType],
      description: 'Inputs, outputs of steps before it, and names of its own.',
      resolve: ({ variables }) => [...variables],
    }),
    tags: t.stringList({ description: 'Of templates.', resolve: ({ tags }) => [...tags] }),
    filters: t.stringList({ description: 'Of templates.', resolve: ({ filters }) => [...filters] }),
    functions: t.stringList({ description: 'Of expressions.', resolve: ({ functions }) => [...functions] }),
  }),
});

const GalleryEntryType = builder.objectRef<GalleryEntry>('WorkflowGalleryEntry').implement({
  description: 'A workflow to begin with. It names roles only, so that it runs anywhere.',
  fields: (t) => ({
    name: t.string({ description: 'What to give to createWorkflowFromGallery.', resolve: (e) => e.definition.name }),
    title: t.string({
      description: 'For people.',
      resolve: ({ definition }) => definition.title ?? definition.name,
    }),
    description: t.string({
      nullable: true,
      description: 'What it is good for.',
      resolve: ({ definition }) => definition.description ?? null,
    }),
    category: t.exposeString('category', { description: '`coding`, `writing`, `customers` or `data`.' }),
    definition: t.field({ type: 'JSON', description: 'What it does.', resolve: ({ definition }) => definition }),
    sample: t.field({ type: 'JSON', description: 'Inputs to try it with.', resolve: ({ sample }) => sample }),
  }),
});

async function read(
  services: Services,
  { teamId }: Identity,
  globalId: string,
  version: number | null | undefined,
): Promise<unknown> {
  const id = decodeId(globalId, 'Workflow');
  const found = id === undefined ? undefined : await findWorkflow(services, teamId, id);
  return found && readStoredDefinition(services, teamId, found, version ?? undefined);
}

function assertShort(text: string): void {
  if (text.length > longestText) throw badInput('A definition has at most 2,000,000 characters.');
}

builder.queryFields((t) => ({
  workflows: t.connection(
    {
      type: WorkflowType,
      description: 'The workflows of your team and of the configuration file, by name.',
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { search: t.arg.string({ description: 'Only names with this in them.' }) },
      resolve: async (_root, args, { services, identity }) => {
        assertPageSize(args, 'workflows');
        const search = args.search?.toLowerCase() ?? '';
        const all = await listWorkflows(services, identity.teamId);
        const found = all.filter(({ name }) => name.includes(search));
        return { ...resolveArrayConnection({ args, defaultSize: defaultPageSize }, found), totalCount: found.length };
      },
    },
    {
      name: 'WorkflowConnection',
      description: 'A page of workflows.',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'How many there are in all.',
          resolve: (page) => (page as unknown as { totalCount: number }).totalCount,
        }),
      }),
    },
    { name: 'WorkflowEdge' },
  ),
  validateWorkflow: t.field({
    type: ValidationType,
    description: 'Checks a definition without keeping it: steps, templates, variables, roles, models, credentials.',
    complexity: { field: 10, multiplier: 1 },
    args: { input: t.arg({ type: ValidateInput, required: true, description: 'What to check.' }) },
    resolve: (_root, { input }, { services, identity }) => {
      const environment = readWorkflowEnvironment(services, identity.teamId);
      if (input.text == null) {
        assertShort(JSON.stringify(input.definition ?? null));
        return validateWorkflow(input.definition, environment);
      }
      assertShort(input.text);
      return validateWorkflowText(input.text, environment);
    },
  }),
  exportWorkflow: t.field({
    type: ExportType,
    nullable: true,
    description: 'A definition as a file; null when there is none, or when the draft is no definition yet.',
    args: {
      workflowId: t.arg.id({ required: true, description: 'Which workflow.' }),
      format: t.arg({ type: WorkflowFormatEnum, required: true, description: 'How to write it.' }),
      version: t.arg.int({ description: 'Which version; 0 is the draft, absent what is in force, or the draft.' }),
    },
    resolve: async (_root, { workflowId, format, version }, { services, identity }) => {
      const { definition, problems } = readDefinition(await read(services, identity, workflowId, version));
      if (!definition || problems.length > 0) return null;
      return format === 'YAML'
        ? { fileName: `${definition.name}.yaml`, text: writeWorkflowYaml(definition) }
        : { fileName: `${definition.name}.json`, text: writeWorkflowJson(definition) };
    },
  }),
  diffWorkflowVersions: t.field({
    type: [WorkflowChangeType],
    nullable: true,
    description: 'What changed from one version to another; null when there is no such version.',
    complexity: { field: 10, multiplier: 1 },
    args: {
      workflowId: t.arg.id({ required: true, description: 'Which workflow.' }),
      from: t.arg.int({ required: true, description: 'The version before; 0 is the draft.' }),
      to: t.arg.int({ required: true, description: 'The version after; 0 is the draft.' }),
    },
    resolve: async (_root, { workflowId, from, to }, { services, identity }) => {
      const [before, after] = await Promise.all(
        [from, to].map(
          async (version) => readDefinition(await read(services, identity, workflowId, version)).definition,
        ),
      );
      return before && after ? [...diffDefinitions(before, after)] : null;
    },
  }),
  workflowCompletions: t.field({
    type: CompletionsType,
    nullable: true,
    description: 'What the texts of a step can name; null when there is no such step.',
    complexity: { field: 10, multiplier: 1 },
    args: {
      definition: t.arg({ type: 'JSON', required: true, description: 'As far as it has come.' }),
      stepId: t.arg.string({ required: true, description: 'The step that is written.' }),
    },
    resolve: (_root, { definition: given, stepId }) => {
      assertShort(JSON.stringify(given));
      const { definition } = readDefinition(given);
      return definition ? (completionsAt(definition, stepId) ?? null) : null;
    },
  }),
  workflowGallery: t.field({
    type: [GalleryEntryType],
    description: 'Workflows to begin with.',
    resolve: () => [...gallery],
  }),
}));

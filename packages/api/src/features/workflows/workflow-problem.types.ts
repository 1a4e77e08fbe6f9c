import {
  type DefinitionChange,
  formatProblemPath,
  type TextPosition,
  type WorkflowProblem,
  type WorkflowProblemCode,
} from '@switchyard/core/workflows';
import { builder } from '../../graphql/builder.ts';
import { UserErrorInterface } from '../../graphql/user-error-types.ts';
import { InvalidWorkflowFailure } from './invalid-workflow.ts';

const TextPositionType = builder.objectRef<TextPosition>('TextPosition').implement({
  description: 'A place in a text.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'From 1.' }),
    column: t.exposeInt('column', { description: 'From 1.' }),
  }),
});

const ProblemCodeEnum = builder.enumType('WorkflowProblemCode', {
  description: 'What kind of problem a definition has. docs/workflows.md explains them.',
  values: {
    SYNTAX: { description: 'The text is no YAML or JSON.' },
    UNKNOWN_FIELD: { description: 'The format has no such field.' },
    MISSING_FIELD: { description: 'A field that must be there is not.' },
    INVALID_VALUE: { description: 'A value is of the wrong kind or size.' },
    CONTRADICTION: { description: 'Two fields cannot stand together.' },
    DUPLICATE_STEP: { description: 'Two steps have one id.' },
    DUPLICATE_MODEL: { description: 'A model stands twice in a list.' },
    UNKNOWN_STEP: { description: 'There is no such step.' },
    UNKNOWN_MODEL: { description: 'There is no such model, alias or chain.' },
    UNKNOWN_ROLE: { description: 'There is no such role.' },
    EMPTY_ROLE: { description: 'The role has no models.' },
    MISSING_CREDENTIALS: { description: 'The provider has no key.' },
    MISSING_CAPABILITY: { description: 'The model cannot do what the step needs.' },
    CONTEXT_TOO_SMALL: { description: 'The prompt or the answer does not fit the model.' },
    CYCLE: { description: 'Steps wait for each other.' },
    UNREACHABLE: { description: 'Nothing leads to the step.' },
    BRANCH_WITHOUT_DEFAULT: { description: 'Perhaps no case of the branch fits.' },
    NOT_A_LIST: { description: 'A map goes over something that is no list.' },
    TEMPLATE_SYNTAX: { description: 'A template cannot be read.' },
    EXPRESSION_SYNTAX: { description: 'An expression cannot be read.' },
    EXPRESSION_TYPE: { description: 'An expression works with values of the wrong type.' },
    UNKNOWN_VARIABLE: { description: 'Nothing declares the variable.' },
    UNUSED_INPUT: { description: 'No text looks at the input.' },
    SCHEMA_UNSUPPORTED: { description: 'Answers are not checked for parts of the schema.' },
    TOO_MANY_PROBLEMS: { description: 'Only the first problems are listed.' },
  } as const satisfies Record<WorkflowProblemCode, unknown>,
});

export const WorkflowProblemType = builder.objectRef<WorkflowProblem>('WorkflowProblem').implement({
  description: 'What is wrong with a definition, where, and what to do.',
  fields: (t) => ({
    isError: t.boolean({
      description: 'An error keeps it from being published; a warning does not.',
      resolve: ({ severity }) => severity === 'error',
    }),
    code: t.expose('code', { type: ProblemCodeEnum, description: 'What kind.' }),
    path: t.string({
      description: 'Where in the definition: `steps[2].models[0].model`; empty for the whole.',
      resolve: ({ path }) => formatProblemPath(path),
    }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    suggestion: t.exposeString('suggestion', { description: 'What to do about it.' }),
    position: t.field({
      type: TextPositionType,
      nullable: true,
      description: 'Within the template or expression at `path`.',
      resolve: ({ position }) => position ?? null,
    }),
    filePosition: t.field({
      type: TextPositionType,
      nullable: true,
      description: 'Within the YAML or JSON, when it was read from text.',
      resolve: ({ filePosition }) => filePosition ?? null,
    }),
  }),
});

builder.objectType(InvalidWorkflowFailure, {
  name: 'InvalidWorkflowError',
  description: 'The definition cannot be used. All problems are reported at once.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    problems: t.field({
      type: [WorkflowProblemType],
      description: 'Everything that is wrong, warnings included.',
      resolve: ({ problems }) => [...problems],
    }),
  }),
});

const ChangeKindEnum = builder.enumType('WorkflowChangeKind', {
  description: 'What happened to a part of a definition.',
  values: {
    ADDED: { value: 'added', description: 'It was not there before.' },
    REMOVED: { value: 'removed', description: 'It is no longer there.' },
    CHANGED: { value: 'changed', description: 'It says something else.' },
    MOVED: {
      value: 'moved',
      description: 'The step stands at another place of the list; nothing else follows from it.',
    },
  } as const satisfies Record<string, { value: DefinitionChange['kind']; description: string }>,
});

export const WorkflowChangeType = builder.objectRef<DefinitionChange>('WorkflowChange').implement({
  description: 'One difference between two definitions.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ChangeKindEnum, description: 'What happened.' }),
    stepId: t.string({
      nullable: true,
      description: 'The step; null for what belongs to the workflow itself.',
      resolve: ({ stepId }) => stepId ?? null,
    }),
    field: t.string({
      nullable: true,
      description: '`prompt`, `models[0].parameters.temperature`; null for a whole step.',
      resolve: ({ field }) => field ?? null,
    }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What stood there.',
      resolve: ({ before }) => before ?? null,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What stands there.',
      resolve: ({ after }) => after ?? null,
    }),
  }),
});

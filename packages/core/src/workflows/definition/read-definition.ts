import type { z } from 'zod';
import { nearestName } from '../../kernel/index.ts';
import type { ProblemPath, WorkflowProblem, WorkflowProblemCode } from '../validation/workflow-problem.ts';
import { shown } from '../validation/workflow-problem.ts';
import { fields } from './schema-fields.ts';
import { stepSchema } from './step-schemas.ts';
import {
  envelopeFields,
  inputSchema,
  mostSteps,
  type WorkflowDefinition,
  type WorkflowInput,
  type WorkflowStep,
} from './workflow-definition.ts';

/** What could be read of a definition; good for being run only when there are no problems. */
export interface ReadDefinition {
  /** Without the steps and fields that are wrong; undefined when there is no list of steps. */
  readonly definition: WorkflowDefinition | undefined;
  /** Where each step of `definition` stands in what was read. */
  readonly stepIndexes: readonly number[];
  /** Ids of steps that are there but wrong: nothing should be said about references to them. */
  readonly brokenStepIds: ReadonlySet<string>;
  readonly problems: readonly WorkflowProblem[];
}

const envelopeSchema = fields({ ...envelopeFields });

/** Reads plain data as a definition, step by step, so that one mistake hides no other. Never throws. */
export function readDefinition(input: unknown): ReadDefinition {
  if (!isMap(input) || isTooDeep(input)) {
    const message = isMap(input)
      ? `A workflow is nested at most ${deepest} levels deep.`
      : 'A workflow must be a map with fields such as name and steps.';
    const problem = complain('INVALID_VALUE', [], message);
    return { definition: undefined, stepIndexes: [], brokenStepIds: new Set(), problems: [problem] };
  }
  const { steps: givenSteps, ...envelope } = input;
  const problems: WorkflowProblem[] = [];
  const envelopeResult = envelopeSchema.safeParse(envelope);
  if (!envelopeResult.success) {
    problems.push(...explainIssues(envelopeResult.error, envelope, [], [...Object.keys(envelopeFields), 'steps']));
  }
  if (!Array.isArray(givenSteps) || givenSteps.length === 0 || givenSteps.length > mostSteps) {
    const code = givenSteps === undefined ? 'MISSING_FIELD' : 'INVALID_VALUE';
    problems.push(complain(code, ['steps'], `"steps" must be a list of 1 to ${mostSteps} steps.`));
    return { definition: undefined, stepIndexes: [], brokenStepIds: new Set(), problems };
  }
  const steps: WorkflowStep[] = [];
  const stepIndexes: number[] = [];
  const brokenStepIds = new Set<string>();
  givenSteps.forEach((given: unknown, index) => {
    const result = stepSchema.safeParse(given);
    if (result.success) {
      steps.push(result.data);
      stepIndexes.push(index);
      return;
    }
    if (isMap(given) && typeof given.id === 'string') brokenStepIds.add(given.id);
    problems.push(...explainIssues(result.error, given, ['steps', index]));
  });
  const definition: WorkflowDefinition = envelopeResult.success
    ? { ...envelopeResult.data, steps }
    : { format: 1, name: 'unreadable', ...soundParts(envelope), steps };
  return { definition, stepIndexes, brokenStepIds, problems };
}

/** What of a broken envelope the checks of steps need: which inputs there are. A broken input may be anything. */
function soundParts(envelope: Readonly<Record<string, unknown>>): Pick<WorkflowDefinition, 'inputs'> {
  if (!isMap(envelope.inputs)) return {};
  const inputs = Object.entries(envelope.inputs).map(([name, given]): [string, WorkflowInput] => {
    const result = inputSchema.safeParse(given);
    return [name, result.success ? result.data : { type: 'object', isOptional: true }];
  });
  return { inputs: Object.fromEntries(inputs) };
}

function explainIssues(
  error: z.ZodError,
  input: unknown,
  base: ProblemPath,
  knownFields?: readonly string[],
): readonly WorkflowProblem[] {
  return error.issues.flatMap((issue) => explainIssue(issue, input, base, knownFields));
}

function explainIssue(
  issue: z.core.$ZodIssue,
  input: unknown,
  base: ProblemPath,
  knownFields: readonly string[] | undefined,
): readonly WorkflowProblem[] {
  const inner = issue.path as ProblemPath;
  const path = [...base, ...inner];
  if (issue.code === 'unrecognized_keys') {
    const known = inner.length === 0 && knownFields ? knownFields : issue.message.split(',');
    return issue.keys.map((key) => {
      const near = nearestName(key, known);
      return complain(
        'UNKNOWN_FIELD',
        [...path, key],
        `"${shown(key)}" is not a field ${inner.length === 0 && base.length === 0 ? 'of a workflow' : 'here'}.`,
        near === undefined ? `Fields here: ${known.join(', ')}.` : `Did you mean "${near}"?`,
      );
    });
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? 'a name';
    return [complain('INVALID_VALUE', path, `"${shown(String(path.at(-1)))}" must be ${expected}.`)];
  }
  const found = readAt(input, inner);
  const name = nameOf(path);
  if (found === undefined) return [complain('MISSING_FIELD', path, `${name} is missing: it must be ${issue.message}.`)];
  return [complain('INVALID_VALUE', path, `${name} must be ${issue.message}, but it is ${describe(found)}.`)];
}

function complain(
  code: WorkflowProblemCode,
  path: ProblemPath,
  message: string,
  suggestion = code === 'MISSING_FIELD' ? 'Add it.' : 'Change it.',
): WorkflowProblem {
  return { severity: 'error', code, path, message, suggestion };
}

function nameOf(path: ProblemPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'The workflow';
  if (typeof last === 'string') return `"${shown(last)}"`;
  const list = path.findLast((step) => typeof step === 'string');
  return `Entry ${last + 1} of "${shown(String(list ?? 'the list'))}"`;
}

function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? `"${shown(value, 40)}"` : String(value);
}

/** Nothing that a schema or a default says is deeper; reading deeper data could exhaust the stack. */
const deepest = 100;

function isTooDeep(input: unknown): boolean {
  let level: readonly unknown[] = [input];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}

function readAt(value: unknown, path: ProblemPath): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

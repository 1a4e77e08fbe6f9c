import { nearestName } from '../../kernel/index.ts';
import { cachedExpression, cachedTemplate } from '../definition/compile-text.ts';
import { type StepText, textsOfStep } from '../definition/texts-of-step.ts';
import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { formatReference, type Reference } from '../values/reference.ts';
import { followPath, type ScopeTypes, WorkflowTypes } from '../values/scope-types.ts';
import { describeType } from '../values/value-type.ts';
import type { ProblemCollector } from './problem-collector.ts';
import { shown } from './workflow-problem.ts';

/** Syntax, unknown variables and types of all templates and expressions, and inputs that nothing uses. */
export function checkTexts(
  definition: WorkflowDefinition,
  brokenStepIds: ReadonlySet<string>,
  placeOf: (step: WorkflowStep | undefined) => number,
  problems: ProblemCollector,
): void {
  const types = new WorkflowTypes(definition, brokenStepIds);
  const used = new Set<string>();
  const checker = new TextChecker(types, used);
  for (const step of definition.steps) {
    const at = problems.below('steps', placeOf(step));
    for (const text of textsOfStep(step)) checker.check(text, step, at);
  }
  for (const [name, source] of Object.entries(definition.outputs ?? {})) {
    const names = ['inputs', 'steps'];
    checker.check(
      { path: ['outputs', name], kind: 'expression', source, scope: 'workflow', names },
      undefined,
      problems,
    );
  }
  // What a broken step uses nobody knows.
  if (brokenStepIds.size > 0) return;
  for (const name of Object.keys(definition.inputs ?? {})) {
    if (used.has(name) || used.has('*')) continue;
    problems.add('UNUSED_INPUT', ['inputs', name], `Nothing uses the input "${name}".`, 'Use it, or remove it.', {
      severity: 'warning',
    });
  }
}

/** Looking for near names takes time; nobody reads more than this. */
const mostGuesses = 100;

class TextChecker {
  readonly #types: WorkflowTypes;
  readonly #usedInputs: Set<string>;
  #unknown = 0;

  constructor(types: WorkflowTypes, usedInputs: Set<string>) {
    this.#types = types;
    this.#usedInputs = usedInputs;
  }

  check(text: StepText, step: WorkflowStep | undefined, problems: ProblemCollector): void {
    const scope = this.#types.scopeOf(step, text.names);
    if (text.kind === 'template') {
      const result = cachedTemplate(text.source);
      if (result.isValid) {
        for (const reference of result.template.references) this.#checkReference(reference, text, scope, problems);
      } else {
        const { message, position, suggestion } = result.problem;
        problems.add('TEMPLATE_SYNTAX', text.path, message, suggestion, { position });
      }
      return;
    }
    const result = cachedExpression(text.source, text.scope);
    if (!result.isValid) {
      const { code, message, position, suggestion } = result.problem;
      problems.add(code, text.path, message, suggestion, { position });
      return;
    }
    for (const reference of result.expression.references) {
      this.#checkReference(reference, text, scope, problems);
    }
    if (text.wants !== undefined) this.#checkType(text, result.expression, scope, problems);
  }

  #checkType(
    { path, wants }: StepText,
    expression: {
      readonly type: ReturnType<WorkflowTypes['outputOf']>;
      readonly isReference: boolean;
      readonly references: readonly Reference[];
    },
    scope: ScopeTypes,
    problems: ProblemCollector,
  ): void {
    const [reference] = expression.references;
    const type = expression.isReference && reference ? followPath(reference.path, scope).type : expression.type;
    if (!type || type.kind === 'any' || type.kind === wants) return;
    if (wants === 'list') {
      const suggestion =
        type.kind === 'string'
          ? 'Turn it into a list: lines(…), ….split(","), or let the prompt answer JSON with a schema.'
          : 'Choose something that is a list, or write [ … ] around it.';
      problems.add('NOT_A_LIST', path, `A map needs a list, but this is ${describeType(type)}.`, suggestion);
      return;
    }
    const message = `This must be ${wants === 'boolean' ? 'true or false' : 'a number'}, but it is ${describeType(type)}.`;
    problems.add('EXPRESSION_TYPE', path, message, 'Compare it with something, or choose another field.');
  }

  #checkReference(reference: Reference, text: StepText, scope: ScopeTypes, problems: ProblemCollector): void {
    const [root, first] = reference.path;
    if (root === 'inputs') this.#usedInputs.add(typeof first === 'string' ? first : '*');
    const found = followPath(reference.path, scope);
    if (found.type || reference.isTest) return;
    const { position } = reference;
    const name = reference.path[found.depth];
    const way = formatReference(reference.path.slice(0, found.depth + 1));
    this.#unknown += 1;
    const mayGuess = typeof name === 'string' && this.#unknown <= mostGuesses;
    const near = mayGuess ? nearestName(name, found.known) : undefined;
    const choices = shown(found.known.join(', '), 300);
    if (found.depth === 0) {
      const suggestion = nearRoot(String(name), near, scope);
      problems.add('UNKNOWN_VARIABLE', text.path, `There is no variable ${way}.`, suggestion, { position });
    } else if (root === 'steps' && found.depth === 1) {
      const suggestion = near === undefined ? `Steps: ${choices}.` : `Did you mean steps.${near}?`;
      problems.add('UNKNOWN_STEP', text.path, `There is no step "${shown(String(name))}".`, suggestion, { position });
    } else if (root === 'inputs' && found.depth === 1) {
      const declare = `Declare it under inputs${choices === '' ? '' : `, or use one of ${choices}`}.`;
      const suggestion = near === undefined ? declare : `Did you mean inputs.${near}?`;
      problems.add('UNKNOWN_VARIABLE', text.path, `There is no input "${shown(String(name))}".`, suggestion, {
        position,
      });
    } else {
      const kind = found.at ? describeType(found.at) : 'nothing';
      const suggestion =
        near !== undefined ? `Did you mean ${near}?` : choices === '' ? `It is ${kind}.` : `There are: ${choices}.`;
      problems.add('UNKNOWN_VARIABLE', text.path, `There is no ${shown(way, 200)}.`, suggestion, { position });
    }
  }
}

function nearRoot(name: string, near: string | undefined, scope: ScopeTypes): string {
  if (near !== undefined) return `Did you mean ${near}?`;
  for (const root of ['inputs', 'steps']) {
    const type = scope[root];
    if (type?.kind === 'object' && Object.hasOwn(type.fields, name)) {
      return `Did you mean ${root === 'steps' ? `steps.${name}.output` : `inputs.${name}`}?`;
    }
  }
  return `Known here: ${Object.keys(scope).join(', ')}.`;
}

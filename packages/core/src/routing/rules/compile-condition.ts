import {
  type ASTNode,
  Environment,
  EvaluationError,
  ParseError,
  TypeError as RuleTypeError,
} from '@marcbachmann/cel-js';
import { nearestName } from '../../kernel/index.ts';
import {
  BudgetFacts,
  factFields,
  factVariables,
  LoadFacts,
  ModelFacts,
  RequestFacts,
  type RuleFacts,
  TimeFacts,
} from './rule-facts.ts';

/** What is wrong with a condition, where, and what to write instead. */
export interface ConditionProblem {
  readonly code: string;
  /** For people, without the place. */
  readonly message: string;
  /** Characters of the expression from `start` (0 is the first) up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  readonly suggestion: string;
}

export interface CompiledCondition {
  readonly ast: ASTNode;
  /** Looks at models, budgets and load alone: with one snapshot it gives the same answer to every request. */
  readonly isSteady: boolean;
  /** Whether the condition holds. Throws `EvaluationError` when the facts do not allow an answer. */
  matches(facts: RuleFacts): boolean;
}

export type ConditionResult =
  | { readonly isValid: true; readonly condition: CompiledCondition }
  | { readonly isValid: false; readonly problem: ConditionProblem };

const maxLength = 2_000;
/** With these and the bounds on tags no condition takes more than some tens of thousands of steps. */
const limits = { maxAstNodes: 200, maxDepth: 24, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 };
const maxLoops = 3;
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** No regular expressions (they can take exponential time), no `bind`, no date arithmetic: `time` has what rules need. */
const functions = new Set([
  ...loops,
  ...['size', 'startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'int', 'double', 'string', 'bool'],
]);

/** What conditions may call, for editors that offer it. */
export const conditionFunctions: readonly string[] = [...functions, 'has'];

const environment = createEnvironment();

function createEnvironment(): Environment {
  const constructors = { RequestFacts, TimeFacts, LoadFacts, ModelFacts, BudgetFacts };
  const created = new Environment({ unlistedVariablesAreDyn: false, limits });
  for (const [name, ctor] of Object.entries(constructors)) {
    created.registerType(name, { ctor, fields: { ...factFields[name as keyof typeof factFields] } });
  }
  for (const [name, type] of Object.entries(factVariables)) created.registerVariable(name, type);
  return created;
}

/** Reads and type-checks a condition. Never throws; the problem names the character and a remedy. */
export function compileCondition(expression: string): ConditionResult {
  if (expression.length > maxLength) {
    return invalid(
      'TOO_LONG',
      `The condition has more than ${maxLength} characters.`,
      maxLength,
      expression.length,
      'Split it into several rules.',
    );
  }
  if (expression.trim() === '') {
    return invalid(
      'EMPTY',
      'The condition is empty.',
      0,
      expression.length,
      'Write true for a rule that always applies.',
    );
  }
  try {
    const parsed = environment.parse(expression);
    const refused = findRefused(parsed.ast);
    if (refused) return { isValid: false, problem: refused };
    const { valid, type, error } = parsed.check();
    if (!valid) return { isValid: false, problem: toProblem(error, expression) };
    if (type !== 'bool') {
      return invalid(
        'NOT_A_CONDITION',
        `The expression is a ${type}, not true or false.`,
        0,
        expression.length,
        'Compare it with something, for example request.inputTokens > 1000.',
      );
    }
    const matches = (facts: RuleFacts) => parsed(facts as unknown as Record<string, unknown>) === true;
    const isSteady = !mentions(parsed.ast, ['request', 'time']);
    return { isValid: true, condition: { ast: parsed.ast, isSteady, matches } };
  } catch (error) {
    return { isValid: false, problem: toProblem(error, expression) };
  }
}

function invalid(code: string, message: string, start: number, end: number, suggestion: string): ConditionResult {
  return { isValid: false, problem: { code, message, start, end, suggestion } };
}

function findRefused(root: ASTNode): ConditionProblem | undefined {
  let loopCount = 0;
  let problem: ConditionProblem | undefined;
  visitNodes(root, (node, depth) => {
    if (node.op !== 'call' && node.op !== 'rcall') return;
    const name = node.args[0];
    const refuse = (code: string, message: string, suggestion: string) => {
      problem ??= { code, message, start: node.start, end: node.end, suggestion };
    };
    if (name === 'matches')
      refuse('NO_PATTERNS', 'Regular expressions are not allowed in rules.', 'Use startsWith, endsWith or contains.');
    else if (!functions.has(name) && !(name === 'has' && node.op === 'call')) {
      refuse('UNKNOWN_FUNCTION', `There is no function ${name}.`, `Functions: ${[...functions].join(', ')}.`);
    } else if (loops.has(name) && node.op === 'rcall') {
      loopCount += 1;
      if (loopCount > maxLoops || depth > 0)
        refuse(
          'TOO_MANY_LOOPS',
          `A rule may have ${maxLoops} loops, none inside another.`,
          'Use in: "vip" in request.tags.',
        );
      if (mentions(node.args[1], ['models', 'budgets']))
        refuse(
          'LOOP_TOO_LARGE',
          'Models and budgets cannot be looped over.',
          'Name one: models["openai/gpt-5"].errorRate.',
        );
    }
  });
  return problem;
}

function mentions(root: ASTNode, names: readonly string[]): boolean {
  let found = false;
  visitNodes(root, (node) => {
    if (node.op === 'id' && names.includes(node.args)) found = true;
  });
  return found;
}

/** Calls `visit` for every node with the number of loops around it. */
function visitNodes(node: ASTNode, visit: (node: ASTNode, depth: number) => void, depth = 0): void {
  visit(node, depth);
  const inner = node.op === 'rcall' && loops.has(node.args[0]) ? depth + 1 : depth;
  for (const child of childNodes(node)) visitNodes(child, visit, inner);
}

function childNodes(node: ASTNode): readonly ASTNode[] {
  const children: ASTNode[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const entry of value) collect(entry);
    else if (typeof value === 'object' && value !== null && 'op' in value && 'args' in value)
      children.push(value as ASTNode);
  };
  collect(node.args);
  return children;
}

function toProblem(error: unknown, expression: string): ConditionProblem {
  if (!(error instanceof ParseError || error instanceof RuleTypeError || error instanceof EvaluationError)) {
    return {
      code: 'INVALID',
      message: 'The condition cannot be read.',
      start: 0,
      end: expression.length,
      suggestion: 'Write it anew, piece by piece.',
    };
  }
  const start = Math.min(error.range?.start ?? 0, expression.length);
  const end = Math.max(start, Math.min(error.range?.end ?? expression.length, expression.length));
  return {
    code: error.code.toUpperCase(),
    message: sentence(error.summary),
    start,
    end,
    suggestion: suggestRemedy(error.code, error.summary, expression.slice(start, end)),
  };
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return capital.endsWith('.') ? capital : `${capital}.`;
}

function suggestRemedy(code: string, summary: string, place: string): string {
  const fields = Object.values(factFields).flatMap((entries) => Object.keys(entries));
  if (code === 'no_such_key') {
    const near = nearestName(place, fields);
    return near === undefined ? `Fields: ${fields.join(', ')}.` : `Did you mean ${near}?`;
  }
  const variables = Object.keys(factVariables);
  if (code === 'unknown_variable') {
    const near = nearestName(place, [...variables, ...fields]);
    const known = `Known are ${variables.join(', ')}; texts stand in quotes.`;
    if (near === undefined) return known;
    return `Did you mean ${variables.includes(near) ? near : `request.${near}`}? ${known}`;
  }
  if (code === 'no_such_overload' && /int == double|double == int|int in list<double>/.test(summary)) {
    return 'Compare whole numbers with whole numbers (3, not 3.0) and measured figures with < or >.';
  }
  if (code === 'no_such_overload') return 'Both sides must be of one kind: texts in quotes, numbers without.';
  if (code === 'limit_exceeded') return 'Split the condition into several rules.';
  if (code === 'unexpected_token')
    return 'Something is missing or too much here: look at brackets, quotes and what stands before.';
  return 'Look at examples in docs/routing.md.';
}

import { type ASTNode, EvaluationError, TypeError as ExpressionTypeError, ParseError } from '@marcbachmann/cel-js';
import { nearestName } from '../../kernel/index.ts';
import type { TextPosition } from '../validation/workflow-problem.ts';
import { toPlainValue } from '../values/bounded-value.ts';
import { positionAt, type Reference } from '../values/reference.ts';
import {
  anyType,
  booleanType,
  listOf,
  numberType,
  openObject,
  textType,
  type ValueType,
} from '../values/value-type.ts';
import {
  allowedFunctions,
  childNodes,
  type ExpressionScope,
  environments,
  fromJson,
  loops,
  mostLoops,
  scopeNames,
} from './expression-environment.ts';
import { findReferences } from './find-references.ts';

/** What is wrong with an expression, where, and what to do. */
export interface ExpressionProblem {
  readonly code: 'EXPRESSION_SYNTAX' | 'EXPRESSION_TYPE' | 'UNKNOWN_VARIABLE';
  readonly message: string;
  readonly position: TextPosition;
  readonly suggestion: string;
}

export interface CompiledExpression {
  /** As far as it can be told without a run. */
  readonly type: ValueType;
  readonly references: readonly Reference[];
  /** Set when the whole expression is one way into the context, whose type is then that of the expression. */
  readonly isReference: boolean;
  /** The value as plain JSON. Throws {@link ExpressionFailed}. */
  evaluate(context: Readonly<Record<string, unknown>>): unknown;
}

export type ExpressionResult =
  | { readonly isValid: true; readonly expression: CompiledExpression }
  | { readonly isValid: false; readonly problem: ExpressionProblem };

/** An expression had no value for these inputs. The message names the place and is for people. */
export class ExpressionFailed extends Error {
  override readonly name = 'ExpressionFailed';
}

/**
 * Reads and checks an expression of a definition. Expressions are CEL, as routing rules are, and not Liquid, because what
 * they make are values and not texts: a list to map over, a condition, an object. CEL cannot loop without a list that is
 * there, has no recursion and no way to anything outside of its context, so that its work is bounded by the size of the
 * expression and its input; Liquid is for prompts, where text is what is wanted. Never throws.
 */
export function compileExpression(source: string, scope: ExpressionScope): ExpressionResult {
  try {
    const parsed = environments[scope].parse(source);
    const refused = findRefused(parsed.ast, source);
    if (refused) return { isValid: false, problem: refused };
    const { valid, type = 'dyn', error } = parsed.check();
    if (!valid) return { isValid: false, problem: explain(error, source, scope) };
    const references = findReferences(parsed.ast, source, scopeNames[scope]);
    const isReference = ['.', '[]', 'id'].includes(parsed.ast.op) && references.length === 1;
    const evaluate = (context: Readonly<Record<string, unknown>>): unknown => {
      try {
        return toPlainValue(parsed(pickContext(context, references, scope)));
      } catch (error) {
        throw new ExpressionFailed(explainFailure(error, source, scope), { cause: error });
      }
    };
    return { isValid: true, expression: { type: toValueType(type), references, isReference, evaluate } };
  } catch (error) {
    return { isValid: false, problem: explain(error, source, scope) };
  }
}

/** The part of the context that the expression looks at: converting all of it would cost more than the work itself. */
function pickContext(
  context: Readonly<Record<string, unknown>>,
  references: readonly Reference[],
  scope: ExpressionScope,
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of scopeNames[scope]) {
    const value = context[name] ?? null;
    const keys = references.filter(({ path }) => path[0] === name).map(({ path }) => path[1]);
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap || keys.includes(undefined)) picked[name] = keys.length === 0 ? emptyOf(name) : fromJson(value);
    else {
      const entries = Object.entries(value).filter(([key]) => keys.includes(key));
      picked[name] = fromJson(Object.fromEntries(entries));
    }
  }
  return picked;
}

/** What stands for a variable that is not looked at; its type has to be right all the same. */
const emptyOf = (name: string): unknown => (name === 'index' ? 0n : name === 'inputs' || name === 'steps' ? {} : null);

function findRefused(root: ASTNode, source: string): ExpressionProblem | undefined {
  let loopCount = 0;
  let problem: ExpressionProblem | undefined;
  const refuse = (node: ASTNode, message: string, suggestion: string) => {
    problem ??= { code: 'EXPRESSION_SYNTAX', message, position: positionAt(source, node.start), suggestion };
  };
  const visit = (node: ASTNode, isInLoop: boolean): void => {
    const isCall = node.op === 'call' || node.op === 'rcall';
    const functionName = isCall ? (node.args[0] as string) : undefined;
    if (functionName !== undefined && !allowedFunctions.has(functionName)) {
      const near = nearestName(functionName, [...allowedFunctions]);
      refuse(
        node,
        `There is no function ${functionName}.`,
        functionName === 'join'
          ? 'Write joinText(list, separator).'
          : near === undefined
            ? `Functions: ${[...allowedFunctions].join(', ')}.`
            : `Did you mean ${near}?`,
      );
    }
    if (node.op === 'rcall' && functionName !== undefined && loops.has(functionName)) {
      loopCount += 1;
      if (isInLoop)
        refuse(node, 'A loop cannot stand inside another loop.', 'Make the inner list in a step of its own.');
      if (loopCount > mostLoops) refuse(node, `An expression has at most ${mostLoops} loops.`, 'Split it into steps.');
      const [, receiver, parts] = node.args as [string, ASTNode, ASTNode[]];
      visit(receiver, isInLoop);
      for (const part of parts) visit(part, true);
      return;
    }
    for (const child of childNodes(node)) visit(child, isInLoop);
  };
  visit(root, false);
  return problem;
}

function explain(error: unknown, source: string, scope: ExpressionScope): ExpressionProblem {
  if (!(error instanceof ParseError || error instanceof ExpressionTypeError || error instanceof EvaluationError)) {
    const message = 'The expression cannot be read.';
    return { code: 'EXPRESSION_SYNTAX', message, position: { line: 1, column: 1 }, suggestion: 'Write it anew.' };
  }
  const start = error.range?.start ?? 0;
  const place = source.slice(start, error.range?.end ?? start);
  const isUnknown = error.code === 'unknown_variable';
  return {
    code: isUnknown
      ? 'UNKNOWN_VARIABLE'
      : error instanceof ExpressionTypeError
        ? 'EXPRESSION_TYPE'
        : 'EXPRESSION_SYNTAX',
    message: sentence(error.summary),
    position: positionAt(source, start),
    suggestion: suggest(error.code, place, scope),
  };
}

function explainFailure(error: unknown, source: string, scope: ExpressionScope): string {
  if (!(error instanceof ParseError || error instanceof ExpressionTypeError || error instanceof EvaluationError)) {
    const reason = error instanceof Error ? error.message : 'it failed';
    return `The expression has no value: ${reason}`;
  }
  const problem = explain(error, source, scope);
  const { line, column } = problem.position;
  return `${problem.message} (line ${line}, column ${column} of the expression) ${problem.suggestion}`;
}

function suggest(code: string, place: string, scope: ExpressionScope): string {
  if (code === 'unknown_variable') {
    const near = nearestName(place, scopeNames[scope]);
    const known = `Known here: ${scopeNames[scope].join(', ')}; texts stand in quotes.`;
    return near === undefined ? known : `Did you mean ${near}? ${known}`;
  }
  if (code === 'no_such_key') return 'Ask with has(…) first, or write get(object, "field", fallback).';
  if (code === 'no_such_overload') return 'Both sides must be of one kind; int(…), double(…) and string(…) convert.';
  if (code === 'incompatible_ternary_branches') return 'Write dyn(…) around both values.';
  if (code === 'limit_exceeded') return 'Split the expression into several steps.';
  return 'Look at brackets, quotes and what stands before this place.';
}

const sentence = (text: string) => {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return capital.endsWith('.') ? capital : `${capital}.`;
};

function toValueType(type: string): ValueType {
  if (type === 'string' || type === 'bytes') return textType;
  if (type === 'int' || type === 'double' || type === 'uint') return numberType;
  if (type === 'bool') return booleanType;
  if (type === 'list') return listOf(anyType);
  if (type.startsWith('list<')) return listOf(toValueType(type.slice(5, -1)));
  return type === 'map' || type.startsWith('map<') ? openObject : anyType;
}

import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { ValueTooLarge } from '../values/bounded-value.ts';

/** Longest text that a function of an expression makes. */
const longestText = 1_000_000;

/** Which names an expression sees besides `inputs` and `steps`. */
export type ExpressionScope = 'workflow' | 'item' | 'candidate';

export const scopeNames: Readonly<Record<ExpressionScope, readonly string[]>> = {
  workflow: ['inputs', 'steps'],
  item: ['inputs', 'steps', 'item', 'index'],
  candidate: ['inputs', 'steps', 'candidate', 'index'],
};

/** Loops, each over a list that is there already; none inside another, so that the work grows with the input only. */
export const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
export const mostLoops = 6;

/**
 * No regular expressions (they can take exponential time), no `bind` and no built-in `join` (they can double a text with
 * every step), no dates (the same input must give the same output at any time).
 */
export const allowedFunctions: ReadonlySet<string> = new Set([
  ...loops,
  ...['size', 'startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim', 'indexOf', 'lastIndexOf'],
  ...['substring', 'split', 'int', 'double', 'string', 'bool', 'dyn', 'type', 'has'],
  ...['parseJson', 'toJson', 'joinText', 'lines', 'get', 'round', 'flatten', 'sortText', 'unique', 'range'],
]);

/** With these no expression takes more than some tens of thousands of steps for each entry of a list. */
const limits = { maxAstNodes: 400, maxDepth: 32, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 };

export const environments: Readonly<Record<ExpressionScope, Environment>> = {
  workflow: createEnvironment([]),
  item: createEnvironment(['item', 'index']),
  candidate: createEnvironment(['candidate', 'index']),
};

function createEnvironment(extra: readonly string[]): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits,
  });
  environment.registerVariable('inputs', 'map').registerVariable('steps', 'map');
  for (const name of extra) environment.registerVariable(name, name === 'index' ? 'int' : 'dyn');
  registerNumbers(environment);
  registerTexts(environment);
  environment.registerFunction('get(dyn, string, dyn): dyn', (map: unknown, key: string, fallback: unknown) =>
    typeof map === 'object' && map !== null && Object.hasOwn(map, key)
      ? ((map as Record<string, unknown>)[key] ?? fallback)
      : fallback,
  );
  environment.registerFunction('flatten(list): list', (list: readonly unknown[]) => list.flat());
  environment.registerFunction('unique(list): list', (list: readonly unknown[]) => [...new Set(list)]);
  environment.registerFunction('range(int): list', (count: bigint) => {
    if (count < 0n || count > 10_000n) throw new ValueTooLarge('range goes from 0 to 10000.');
    return Array.from({ length: Number(count) }, (_, index) => BigInt(index));
  });
  return environment;
}

/** JSON knows one kind of number: `3 * 0.5` is meant, whatever a model wrote. */
function registerNumbers(environment: Environment): void {
  const operators = {
    '+': (a: number, b: number) => a + b,
    '-': (a: number, b: number) => a - b,
    '*': (a: number, b: number) => a * b,
    '/': (a: number, b: number) => a / b,
  };
  for (const [sign, compute] of Object.entries(operators)) {
    environment.registerOperator(`int ${sign} double: double`, (a: bigint, b: number) => compute(Number(a), b));
    environment.registerOperator(`double ${sign} int: double`, (a: number, b: bigint) => compute(a, Number(b)));
  }
  environment.registerFunction('round(double): int', (value: number) => toInteger(Math.round(value)));
  environment.registerFunction('round(int): int', (value: bigint) => value);
}

function registerTexts(environment: Environment): void {
  environment.registerFunction('parseJson(string): dyn', (text: string) => fromJson(JSON.parse(text)));
  environment.registerFunction('toJson(dyn): string', (value: unknown) =>
    bounded(JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? Number(each) : each)) ?? 'null'),
  );
  environment.registerFunction('lines(string): list<string>', (text: string) => text.split(/\r?\n/));
  environment.registerFunction('sortText(list): list', (list: readonly unknown[]) =>
    list.map(String).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  environment.registerFunction('joinText(list, string): string', (list: readonly unknown[], separator: string) => {
    const texts = list.map((entry) => (typeof entry === 'string' ? entry : String(entry)));
    const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
    if (length > longestText) throw new ValueTooLarge(`joinText makes at most ${longestText} characters.`);
    return texts.join(separator);
  });
}

function bounded(text: string): string {
  if (text.length > longestText) throw new ValueTooLarge(`toJson makes at most ${longestText} characters.`);
  return text;
}

function toInteger(value: number): bigint {
  if (!Number.isSafeInteger(value)) throw new RangeError('The number is too large to be rounded.');
  return BigInt(value);
}

/** Plain JSON as expressions see it: whole numbers are integers, so that `inputs.count + 1` is one. */
export function fromJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fromJson(each)]));
}

/** The nodes directly below `node`. */
export function childNodes(node: ASTNode): readonly ASTNode[] {
  const children: ASTNode[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const entry of value) collect(entry);
    else if (typeof value === 'object' && value !== null && 'op' in value && 'args' in value) {
      children.push(value as ASTNode);
    }
  };
  collect(node.args);
  return children;
}

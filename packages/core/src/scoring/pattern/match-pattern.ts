import { PatternProblem } from './pattern-problem.ts';
import type { CodePointTest, PatternFlags, PatternTree } from './pattern-tree.ts';
import { readPattern } from './read-pattern.ts';

type Instruction =
  | { readonly type: 'one'; readonly test: CodePointTest }
  | { readonly type: 'assert'; readonly what: Extract<PatternTree, { type: 'assert' }>['what'] }
  | { readonly type: 'fork'; first: number; second: number }
  | { readonly type: 'go'; to: number }
  | { readonly type: 'found' };

/** A pattern that is ready to be matched in time linear in the text. */
export interface SafePattern {
  readonly program: readonly Instruction[];
  readonly isMultiline: boolean;
}

const largestProgram = 5_000;
/** Characters × instructions; a fraction of a second. */
const mostSteps = 20_000_000;

/** Throws {@link PatternProblem}. See `readPattern` for what a pattern may say. */
export function compilePattern(source: string, flags: PatternFlags = {}): SafePattern {
  const program: Instruction[] = [];
  const add = <Kind extends Instruction>(instruction: Kind): Kind => {
    if (program.length >= largestProgram) {
      throw new PatternProblem('The pattern is too large; count fewer repetitions.', 0);
    }
    program.push(instruction);
    return instruction;
  };
  const compile = (tree: PatternTree): void => {
    switch (tree.type) {
      case 'empty':
        return;
      case 'one':
      case 'assert':
        add(tree);
        return;
      case 'sequence':
        for (const part of tree.parts) compile(part);
        return;
      case 'choice':
        compileChoice(tree.parts);
        return;
      case 'repeat':
        compileRepeat(tree.part, tree.least, tree.most);
    }
  };
  const compileChoice = (parts: readonly PatternTree[]): void => {
    const ends: { to: number }[] = [];
    parts.forEach((part, index) => {
      if (index === parts.length - 1) compile(part);
      else {
        const fork = add({ type: 'fork', first: program.length + 1, second: 0 });
        compile(part);
        ends.push(add({ type: 'go', to: 0 }));
        fork.second = program.length;
      }
    });
    for (const end of ends) end.to = program.length;
  };
  const compileRepeat = (part: PatternTree, least: number, most: number): void => {
    for (let i = 0; i < least; i += 1) {
      const before = program.length;
      compile(part);
      // Nothing, however often, is nothing: nested counts of it must not be counted out.
      if (program.length === before) return;
    }
    if (most === Number.POSITIVE_INFINITY) {
      const start = program.length;
      const fork = add({ type: 'fork', first: start + 1, second: 0 });
      compile(part);
      add({ type: 'go', to: start });
      fork.second = program.length;
      return;
    }
    const forks: { second: number }[] = [];
    for (let i = least; i < most; i += 1) {
      forks.push(add({ type: 'fork', first: program.length + 1, second: 0 }));
      compile(part);
    }
    for (const fork of forks) fork.second = program.length;
  };
  compile(readPattern(source, flags));
  add({ type: 'found' });
  return { program, isMultiline: flags.multiline ?? false };
}

/**
 * Whether `text` matches: somewhere in it, or as a whole. All ways are followed at once (Thompson 1968, Pike 1987), so
 * the time is at most characters × instructions and nothing backtracks; undefined when that is too much.
 */
export function matchPattern(
  { program, isMultiline }: SafePattern,
  text: string,
  isWhole: boolean,
): boolean | undefined {
  const points = Array.from(text, (point) => point.codePointAt(0)!);
  if ((points.length + 1) * program.length > mostSteps) return undefined;
  const seenAt = new Int32Array(program.length).fill(-1);
  let current: number[] = [];
  let next: number[] = [];
  const stack: number[] = [];
  const follow = (list: number[], from: number, at: number): boolean => {
    stack.push(from);
    let isFound = false;
    while (stack.length > 0) {
      const place = stack.pop()!;
      if (seenAt[place] === at) continue;
      seenAt[place] = at;
      const instruction = program[place]!;
      switch (instruction.type) {
        case 'go':
          stack.push(instruction.to);
          break;
        case 'fork':
          stack.push(instruction.second, instruction.first);
          break;
        case 'assert':
          if (holds(instruction.what, points, at, isMultiline)) stack.push(place + 1);
          break;
        case 'found':
          isFound = true;
          break;
        case 'one':
          list.push(place);
      }
    }
    return isFound && (!isWhole || at === points.length);
  };
  if (follow(current, 0, 0)) return true;
  for (let at = 0; at < points.length; at += 1) {
    for (const place of current) {
      const instruction = program[place]!;
      if (instruction.type === 'one' && instruction.test(points[at]!) && follow(next, place + 1, at + 1)) return true;
    }
    if (!isWhole && follow(next, 0, at + 1)) return true;
    if (isWhole && next.length === 0) return false;
    current = next;
    next = [];
  }
  return false;
}

function holds(
  what: Extract<PatternTree, { type: 'assert' }>['what'],
  points: readonly number[],
  at: number,
  isMultiline: boolean,
): boolean {
  if (what === 'start') return at === 0 || (isMultiline && isLineEnd(points[at - 1]!));
  if (what === 'end') return at === points.length || (isMultiline && isLineEnd(points[at]!));
  const isBoundary = isWord(points[at - 1]) !== isWord(points[at]);
  return isBoundary === (what === 'word-boundary');
}

const isLineEnd = (point: number): boolean => point === 10 || point === 13 || point === 0x2028 || point === 0x2029;

const isWord = (point: number | undefined): boolean =>
  point !== undefined &&
  ((point >= 48 && point <= 57) || (point >= 65 && point <= 90) || point === 95 || (point >= 97 && point <= 122));

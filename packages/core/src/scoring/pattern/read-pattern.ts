import { PatternProblem } from './pattern-problem.ts';
import type { CodePointTest, PatternFlags, PatternTree } from './pattern-tree.ts';

const longestPattern = 2_000;
const deepestGroups = 50;
const mostRepeats = 1_000;

/**
 * Reads a pattern in JavaScript's syntax without what needs backtracking: no back-references, no lookahead and no
 * lookbehind. Throws {@link PatternProblem} with the place of what cannot be read.
 */
export function readPattern(source: string, flags: PatternFlags): PatternTree {
  if (source.length > longestPattern) {
    throw new PatternProblem(`A pattern may have ${longestPattern} characters at the most.`, longestPattern);
  }
  return new PatternReader(source, flags).read();
}

class PatternReader {
  readonly #points: readonly string[];
  readonly #flags: PatternFlags;
  #at = 0;
  #depth = 0;

  constructor(source: string, flags: PatternFlags) {
    this.#points = [...source];
    this.#flags = flags;
  }

  read(): PatternTree {
    const tree = this.#choice();
    if (this.#at < this.#points.length) throw this.#problem('There is a ) without its (.');
    return tree;
  }

  get #next(): string | undefined {
    return this.#points[this.#at];
  }

  #problem(message: string, position = this.#at): PatternProblem {
    return new PatternProblem(message, position);
  }

  #choice(): PatternTree {
    const parts = [this.#sequence()];
    while (this.#next === '|') {
      this.#at += 1;
      parts.push(this.#sequence());
    }
    return parts.length === 1 ? parts[0]! : { type: 'choice', parts };
  }

  #sequence(): PatternTree {
    const parts: PatternTree[] = [];
    while (this.#next !== undefined && this.#next !== '|' && this.#next !== ')') {
      const start = this.#at;
      const part = this.#atom();
      parts.push(this.#repeated(part, start));
    }
    return parts.length === 0 ? { type: 'empty' } : parts.length === 1 ? parts[0]! : { type: 'sequence', parts };
  }

  #repeated(part: PatternTree, start: number): PatternTree {
    const count = this.#quantifier();
    if (!count) return part;
    if (part.type === 'assert') throw this.#problem('Nothing here can be repeated.', start);
    if (count.least > mostRepeats || (count.most !== Number.POSITIVE_INFINITY && count.most > mostRepeats)) {
      throw this.#problem(`At most ${mostRepeats} repetitions can be counted.`, start);
    }
    if (count.most < count.least) throw this.#problem('The numbers of a repetition are in the wrong order.', start);
    // A lazy match and a greedy one match the same texts.
    if (this.#next === '?') this.#at += 1;
    if (this.#quantifier()) throw this.#problem('A repetition cannot be repeated; put it in a group.', start);
    return { type: 'repeat', part, ...count };
  }

  #quantifier(): { readonly least: number; readonly most: number } | undefined {
    const { POSITIVE_INFINITY: unlimited } = Number;
    switch (this.#next) {
      case '*':
        this.#at += 1;
        return { least: 0, most: unlimited };
      case '+':
        this.#at += 1;
        return { least: 1, most: unlimited };
      case '?':
        this.#at += 1;
        return { least: 0, most: 1 };
      case '{': {
        const rest = this.#points.slice(this.#at, this.#at + 20).join('');
        const counted = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest);
        if (!counted) return undefined;
        this.#at += counted[0].length;
        const least = Number(counted[1]);
        return { least, most: counted[2] === undefined ? least : counted[3] ? Number(counted[3]) : unlimited };
      }
      default:
        return undefined;
    }
  }

  #atom(): PatternTree {
    const start = this.#at;
    const point = this.#points[this.#at]!;
    this.#at += 1;
    switch (point) {
      case '(':
        return this.#group(start);
      case '[':
        return this.#set(start);
      case '\\':
        return this.#escape(start);
      case '.':
        return this.#one('.', start);
      case '^':
        return { type: 'assert', what: 'start' };
      case '$':
        return { type: 'assert', what: 'end' };
      case '*':
      case '+':
      case '?':
        throw this.#problem(`There is nothing before ${point} to repeat.`, start);
      default:
        return this.#literal(point);
    }
  }

  #group(start: number): PatternTree {
    const rest = this.#points.slice(this.#at, this.#at + 3).join('');
    if (rest.startsWith('?:')) this.#at += 2;
    else if (rest.startsWith('?=') || rest.startsWith('?!') || rest.startsWith('?<=') || rest.startsWith('?<!')) {
      throw this.#problem('Looking ahead or behind is not supported; write what must stand there.', start);
    } else if (rest.startsWith('?<')) {
      const end = this.#points.indexOf('>', this.#at);
      if (end < 0) throw this.#problem('The name of a group has no end.', start);
      this.#at = end + 1;
    } else if (rest.startsWith('?')) throw this.#problem('This kind of group is not supported.', start);
    this.#depth += 1;
    if (this.#depth > deepestGroups) throw this.#problem(`Groups may be ${deepestGroups} deep at the most.`, start);
    const inner = this.#choice();
    if (this.#next !== ')') throw this.#problem('A group has no ).', start);
    this.#at += 1;
    this.#depth -= 1;
    return inner;
  }

  #set(start: number): PatternTree {
    let end = this.#at;
    while (end < this.#points.length && this.#points[end] !== ']') end += this.#points[end] === '\\' ? 2 : 1;
    if (end >= this.#points.length) throw this.#problem('A set of characters has no ].', start);
    this.#at = end + 1;
    return this.#one(this.#points.slice(start, this.#at).join(''), start);
  }

  #escape(start: number): PatternTree {
    const point = this.#next;
    if (point === undefined) throw this.#problem('The pattern ends with a lone \\.', start);
    this.#at += 1;
    if (point === 'b') return { type: 'assert', what: 'word-boundary' };
    if (point === 'B') return { type: 'assert', what: 'no-word-boundary' };
    if (/[1-9k]/.test(point)) throw this.#problem('References back to a group are not supported.', start);
    const rest = this.#points.slice(this.#at, this.#at + 60).join('');
    const tail =
      point === 'u'
        ? /^(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{4})/.exec(rest)?.[0]
        : point === 'x'
          ? /^[0-9a-fA-F]{2}/.exec(rest)?.[0]
          : point === 'p' || point === 'P'
            ? /^\{[^}]*\}/.exec(rest)?.[0]
            : '';
    if (tail === undefined) throw this.#problem(`\\${point} is not complete.`, start);
    this.#at += [...tail].length;
    if (/[a-zA-Z0-9]/.test(point)) return this.#one(`\\${point}${tail}`, start);
    return this.#literal(point);
  }

  #literal(point: string): PatternTree {
    const codePoint = point.codePointAt(0)!;
    if (!this.#flags.ignoreCase) return { type: 'one', test: (each) => each === codePoint };
    return this.#one(/[\\^$.*+?()[\]{}|/]/.test(point) ? `\\${point}` : point, this.#at);
  }

  /** One code point, tested by the engine's own idea of the set: a single character cannot backtrack. */
  #one(source: string, start: number): PatternTree {
    const flags = `u${this.#flags.ignoreCase ? 'i' : ''}${this.#flags.dotAll ? 's' : ''}`;
    try {
      return { type: 'one', test: remember(new RegExp(`^(?:${source})$`, flags)) };
    } catch {
      throw this.#problem(`${source} cannot be read.`, start);
    }
  }
}

function remember(expression: RegExp): CodePointTest {
  const known = new Int8Array(256);
  const others = new Map<number, boolean>();
  return (codePoint) => {
    if (codePoint < 256) {
      if (known[codePoint] === 0) known[codePoint] = expression.test(String.fromCodePoint(codePoint)) ? 1 : -1;
      return known[codePoint] === 1;
    }
    let isIn = others.get(codePoint);
    if (isIn === undefined) {
      isIn = expression.test(String.fromCodePoint(codePoint));
      others.set(codePoint, isIn);
    }
    return isIn;
  };
}

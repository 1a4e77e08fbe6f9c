import { type CannotScore, cannotScore, type Score } from '../score.ts';
import type { RubricJudge } from './judge.ts';

/** What came back from a judge. `isCut`: it ended because its tokens did. */
export interface JudgeAnswer {
  readonly text: string;
  readonly isCut?: boolean;
}

export interface PairVerdict {
  readonly kind: 'verdict';
  readonly winner: 'first' | 'second' | 'tie';
  readonly why: string;
}

const longestReason = 2_000;
const longestAnswer = 200_000;

/** The judge's place on the scale as a score of 0 to 1, with its reason. Anything that is not a verdict is missing. */
export function readRubricVerdict(judge: RubricJudge, answer: JudgeAnswer): Score {
  const found = findVerdict(answer, 'score');
  if (found.kind === 'cannot-score') return found;
  const { verdict } = found;
  const { min, max } = judge.scale;
  const value =
    typeof verdict.score === 'string' && /^\s*\d+\s*$/.test(verdict.score) ? Number(verdict.score) : verdict.score;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    return nonsense(`its score is ${shown(verdict.score)}, not a whole number from ${min} to ${max}`);
  }
  return { kind: 'score', score: (value - min) / (max - min), why: reasonOf(verdict) };
}

/** Which of the two answers won, in the order in which they were shown. */
export function readPairVerdict(answer: JudgeAnswer): PairVerdict | CannotScore {
  const found = findVerdict(answer, 'winner');
  if (found.kind === 'cannot-score') return found;
  const { verdict } = found;
  const winner = typeof verdict.winner === 'string' ? verdict.winner.trim().toUpperCase() : verdict.winner;
  if (winner !== 'A' && winner !== 'B' && winner !== 'TIE') {
    return nonsense(`its winner is ${shown(verdict.winner)}, not "A", "B" or "tie"`);
  }
  return {
    kind: 'verdict',
    winner: winner === 'A' ? 'first' : winner === 'B' ? 'second' : 'tie',
    why: reasonOf(verdict),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The verdict in the answer: the whole of it, or the one JSON object with `field` in it, fences and words around it
 * notwithstanding. Two objects that differ are no verdict: nobody knows which one is meant.
 */
function findVerdict(
  { text, isCut }: JudgeAnswer,
  field: string,
): { readonly kind: 'found'; readonly verdict: Fields } | CannotScore {
  if (text.trim() === '') return isCut ? cut : nonsense('it is empty');
  if (text.length > longestAnswer) return nonsense('it is far too long');
  const found = objectsIn(text).filter((each) => Object.hasOwn(each, field));
  const [verdict] = found;
  if (!verdict) return isCut ? cut : nonsense(`there is no JSON object with "${field}" in it`);
  if (found.some((each) => each[field] !== verdict[field])) return nonsense('it holds several verdicts that differ');
  return { kind: 'found', verdict };
}

const cut = cannotScore(
  'judge-cut',
  'The judge ran out of tokens before its verdict; raise its maximum of output tokens.',
);

function nonsense(what: string): CannotScore {
  return cannotScore('judge-nonsense', `The judge gave no usable verdict: ${what}.`);
}

/** All outermost JSON objects in a text, in one pass. */
function objectsIn(text: string): readonly Fields[] {
  const found: Fields[] = [];
  let start = -1;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    if (depth > 0 && isInString) {
      if (letter === '\\') at += 1;
      else if (letter === '"') isInString = false;
    } else if (letter === '{') {
      if (depth === 0) start = at;
      depth += 1;
    } else if (depth > 0 && letter === '"') isInString = true;
    else if (depth > 0 && letter === '}') {
      depth -= 1;
      if (depth === 0) found.push(...parse(text.slice(start, at + 1)));
    }
  }
  return found;
}

function parse(text: string): readonly Fields[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? [value as Fields] : [];
  } catch {
    return [];
  }
}

const reasonOf = ({ reason }: Fields): string =>
  typeof reason === 'string' ? reason.trim().slice(0, longestReason) : '';

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 60);

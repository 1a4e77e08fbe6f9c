import type { JsonSchema } from '../spec/index.ts';
import { compilePattern, matchPattern } from './pattern/match-pattern.ts';
import { cannotScore, type Score, scored } from './score.ts';
import { scoreEditDistance } from './score-edit-distance.ts';
import { scoreNumber } from './score-number.ts';
import type { HeuristicScorer } from './scorer.ts';

/** An answer that came, and what is known of it. An answer that failed has no score: its reason is kept elsewhere. */
export interface ScoredAnswer {
  readonly text: string;
  /** What the item of the dataset expects; undefined when it expects nothing. */
  readonly expected?: string | undefined;
  readonly latencyMs?: number | undefined;
  readonly timeToFirstTokenMs?: number | undefined;
}

/** What in a value is not as a JSON schema says, in sentences; empty when all is well. */
export type SchemaCheck = (value: unknown, schema: JsonSchema) => readonly string[];

/** The score of one answer, 0 to 1. Pure and in bounded time, whatever the answer, the pattern and the schema are. */
export function scoreAnswer(scorer: HeuristicScorer, answer: ScoredAnswer, checkSchema: SchemaCheck): Score {
  switch (scorer.type) {
    case 'exact': {
      const expected = scorer.expected ?? answer.expected;
      if (expected === undefined) return noExpectation;
      const isSame = normalize(answer.text, scorer) === normalize(expected, scorer);
      return scored(isSame ? 1 : 0, isSame ? 'It is what was expected.' : 'It is not what was expected.');
    }
    case 'contains':
      return scoreContains(scorer, answer);
    case 'regex':
      return scorePattern(scorer, answer.text);
    case 'json-schema':
      return scoreSchema(scorer, answer.text, checkSchema);
    case 'edit-distance': {
      const expected = scorer.expected ?? answer.expected;
      if (expected === undefined) return noExpectation;
      return scoreEditDistance(normalize(answer.text, scorer), normalize(expected, scorer));
    }
    case 'numeric':
      return scoreNumber(scorer, answer);
    case 'length':
      return scoreLength(scorer, answer.text);
    case 'latency': {
      const measured = scorer.measure === 'first-token' ? answer.timeToFirstTokenMs : answer.latencyMs;
      if (measured === undefined || !Number.isFinite(measured)) {
        return cannotScore(
          'not-measured',
          'The time was not measured, for example because the answer came in one piece.',
        );
      }
      return scored(
        (scorer.limitMs - measured) / (scorer.limitMs - scorer.targetMs),
        `It took ${Math.round(measured)} ms.`,
      );
    }
  }
}

const noExpectation = cannotScore(
  'no-expectation',
  'The item says nothing about what is expected. Fill the expected column of the dataset or the scorer.',
);

function normalize(
  text: string,
  { ignoresCase, ignoresSpacing }: Pick<HeuristicScorer & { type: 'exact' }, 'ignoresCase' | 'ignoresSpacing'>,
): string {
  const spaced = ignoresSpacing ? text.normalize('NFC').trim().replace(/\s+/g, ' ') : text.normalize('NFC');
  return ignoresCase ? spaced.toLowerCase() : spaced;
}

function scoreContains(scorer: HeuristicScorer & { type: 'contains' }, answer: ScoredAnswer): Score {
  const wanted = scorer.texts ?? (answer.expected ? [answer.expected] : undefined);
  if (!wanted) return noExpectation;
  const plain = (text: string) => (scorer.ignoresCase ? text.normalize('NFC').toLowerCase() : text.normalize('NFC'));
  const text = plain(answer.text);
  const found = wanted.filter((each) => text.includes(plain(each))).length;
  const why = `${found} of ${wanted.length} ${wanted.length === 1 ? 'text' : 'texts'} found.`;
  if (scorer.wants === 'share') return scored(found / wanted.length, why);
  const isGood = scorer.wants === 'all' ? found === wanted.length : scorer.wants === 'any' ? found > 0 : found === 0;
  return scored(isGood ? 1 : 0, why);
}

function scorePattern(scorer: HeuristicScorer & { type: 'regex' }, text: string): Score {
  try {
    const pattern = compilePattern(scorer.pattern, {
      ignoreCase: scorer.ignoresCase,
      multiline: scorer.multiline,
      dotAll: scorer.dotMatchesLineEnds,
    });
    const isMatch = matchPattern(pattern, text, scorer.isWholeAnswer);
    if (isMatch === undefined) return cannotScore('too-long', 'The answer is too long for this pattern.');
    return scored(
      isMatch === scorer.shouldMatch ? 1 : 0,
      isMatch ? 'The pattern matches.' : 'The pattern does not match.',
    );
  } catch (error) {
    return cannotScore('bad-scorer', `The pattern cannot be used: ${(error as Error).message}`);
  }
}

const longestJson = 1_000_000;

function scoreSchema(scorer: HeuristicScorer & { type: 'json-schema' }, text: string, checkSchema: SchemaCheck): Score {
  if (text.length > longestJson) return cannotScore('too-long', 'The answer is longer than a million characters.');
  const fenced = scorer.allowsFences ? /^\s*```[a-z]*\s*\n([\s\S]*?)\n?```\s*$/i.exec(text)?.[1] : undefined;
  let value: unknown;
  try {
    value = JSON.parse(fenced ?? text);
  } catch {
    return scored(0, 'It is not JSON.');
  }
  const complaints = checkSchema(value, scorer.schema);
  return scored(complaints.length === 0 ? 1 : 0, complaints[0] ?? 'It is as the schema says.');
}

function scoreLength(scorer: HeuristicScorer & { type: 'length' }, text: string): Score {
  const size = sizeOf(text, scorer.unit);
  const { min = 0, max = Number.POSITIVE_INFINITY, unit } = scorer;
  return scored(size < min ? size / min : size > max ? max / size : 1, `It has ${size} ${unit}.`);
}

function sizeOf(text: string, unit: 'characters' | 'words' | 'lines'): number {
  if (unit === 'characters') return [...text].length;
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  return trimmed.split(unit === 'words' ? /\s+/ : /\r\n|\r|\n/).length;
}

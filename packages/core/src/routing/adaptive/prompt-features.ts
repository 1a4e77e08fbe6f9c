/** Which reading of {@link extractPromptFeatures} made a vector; stored with every learner, because old weights fit no new vector. */
export const featureVersion = 2;

/** The figures of shape at the beginning of every vector. */
export const shapeFeatureNames = [
  'constant',
  'length',
  'length squared',
  'short',
  'long',
  'lines',
  'digits',
  'code signs',
  'code words',
  'question mark at the end',
  'choices listed',
  'formula signs',
  'not Latin script',
  'English function words',
  'capitals',
  'commas',
  'numbered or bulleted lines',
  'braces and quotes of JSON',
  'word length',
  'numbers written out per word',
  'starts with a question word',
  'starts with an order',
  'starts in lower case',
  'ends without punctuation',
  'typeset formulas',
  'asks for an amount',
  'money and shares',
  'names within sentences',
  'sentences',
  'words per sentence',
  'which of the following',
  'quotations',
  'full stop at the end',
  'numbers',
  'variety of words',
  'starts like a program',
] as const;

export const shapeCount: number = shapeFeatureNames.length;
export const classBuckets = 16;
/** Shape, then hashed task class. */
export const featureCount: number = shapeCount + classBuckets;

/** Characters that are read: the beginning and the end tell the kind of work; the middle is paid for in time only. */
const headChars = 3_000;
const tailChars = 1_000;
const maxWords = 400;
const shapeWeight = 0.5;
const classWeight = 1;

const functionWords = new Set(
  'the of and to in is that for it as was with on be at by this are or an from which you not have has what how if his her he she they its'.split(
    ' ',
  ),
);
const questionWords = new Set(
  'what which who whom whose when where why how is are was were do does did can could'.split(' '),
);
const orderWords = new Set(
  'write create implement summarize summarise translate explain list find compute calculate solve simplify evaluate determine classify extract fix refactor give generate rewrite'.split(
    ' ',
  ),
);

/**
 * What can be told from a prompt in microseconds and without a model: its length, lines, signs of code, formulas, lists
 * and JSON, a guess at the language, how it begins and ends. `taskClass`, when the caller labels the work, is hashed into
 * buckets of its own. The text itself is not kept. Always {@link featureCount} finite numbers; position 0 is the constant 1.
 */
export function extractPromptFeatures(text: string, taskClass?: string): readonly number[] {
  const features = new Array<number>(featureCount).fill(0);
  const read = text.length <= headChars + tailChars ? text : `${text.slice(0, headChars)}\n${text.slice(-tailChars)}`;
  const words =
    read
      .toLowerCase()
      .match(/[\p{L}\p{M}]+|\d+/gu)
      ?.slice(0, maxWords) ?? [];
  readShape(features, text, read, words);
  if (taskClass) readClass(features, taskClass);
  return features;
}

function readShape(features: number[], text: string, read: string, words: readonly string[]): void {
  const chars = Math.max(1, read.length);
  const share = (pattern: RegExp) => (read.match(pattern)?.length ?? 0) / chars;
  const length = (Math.log2(1 + text.length) - 8) / 3;
  const wordCount = Math.max(1, words.length);
  const first = words[0] ?? '';
  const shape = [
    1,
    length,
    length * length - 1,
    text.length < 80 ? 1 : 0,
    text.length > 800 ? 1 : 0,
    Math.min(2, Math.log2(1 + (read.match(/\n/g)?.length ?? 0)) / 3),
    Math.min(2, share(/\d/g) * 12),
    Math.min(2, share(/[{}();=<>[\]_]/g) * 12),
    Math.min(
      2,
      (read.match(
        /\b(?:def|return|function|class|import|const|let|var|public|void|SELECT|array|string|list|python|code)\b/g,
      )?.length ?? 0) / 3,
    ),
    /\?\s*$/.test(read) ? 1 : 0,
    Math.min(2, (read.match(/(?:^|\n|\s)\(?[A-E][.):]\s/g)?.length ?? 0) / 3),
    Math.min(2, (read.match(/\\[a-z]+|\$|\^|[+*/=]|\d\s*[-−]\s*\d/gi)?.length ?? 0) / 8),
    Math.min(1, share(/[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/gu) * 3),
    Math.min(2, (words.filter((word) => functionWords.has(word)).length / wordCount) * 3),
    Math.min(2, share(/\p{Lu}/gu) * 12),
    Math.min(2, share(/,/g) * 30),
    Math.min(2, (read.match(/(?:^|\n)\s*(?:[-*•]|\d+[.)])\s/g)?.length ?? 0) / 4),
    Math.min(2, (read.match(/"[^"\n]{1,60}"\s*:/g)?.length ?? 0) / 3),
    words.length === 0 ? 0 : (words.reduce((sum, word) => sum + word.length, 0) / wordCount - 4.5) / 2,
    Math.min(2, (words.filter((word) => /\d/.test(word)).length / wordCount) * 8),
    questionWords.has(first) ? 1 : 0,
    orderWords.has(first) ? 1 : 0,
    ...readSentences(read.trim(), words),
  ];
  for (const [index, value] of shape.entries()) features[index] = index === 0 ? 1 : value * shapeWeight;
}

function readSentences(read: string, words: readonly string[]): readonly number[] {
  const times = (pattern: RegExp) => read.match(pattern)?.length ?? 0;
  const wordCount = Math.max(1, words.length);
  const sentences = Math.max(1, times(/[.!?](?:\s|$)/g));
  return [
    /^\p{Ll}/u.test(read) ? 1 : 0,
    /[\p{L}\p{N}]$/u.test(read) ? 1 : 0,
    Math.min(2, times(/\$[^$\n]{1,200}\$|\\[a-zA-Z]+/g) / 3),
    Math.min(2, times(/\bhow (?:many|much|long|old|far)\b/gi)),
    Math.min(2, times(/[$€£]\s?\d|\d\s?%|\bdollars?\b|\bpercent\b/gi) / 2),
    Math.min(2, (times(/[\s"'(]\p{Lu}/gu) / wordCount) * 4),
    Math.min(2, Math.log2(sentences) / 2),
    Math.min(2, wordCount / sentences / 15),
    /\b(?:which|what) of the following\b/i.test(read) ? 1 : 0,
    Math.min(2, times(/"/g) / 4),
    read.endsWith('.') ? 1 : 0,
    Math.min(2, times(/\d+/g) / 5),
    new Set(words).size / wordCount,
    /^(?:from|import|def|class|#|\/\/|\/\*|function|package|using|SELECT)(?![\p{L}\p{N}])/u.test(read) ? 1 : 0,
  ];
}

function readClass(features: number[], taskClass: string): void {
  for (const salt of ['a', 'b', 'c']) {
    const hash = hashTerm(`${salt}:${taskClass}`);
    const index = shapeCount + ((hash >>> 1) % classBuckets);
    features[index] = (features[index] ?? 0) + (hash & 1 ? classWeight : -classWeight) / Math.sqrt(3);
  }
}

/** FNV-1a, 32 bits, with a last mixing so that low bits are as good as high ones. */
function hashTerm(term: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < term.length; index++) hash = Math.imul(hash ^ term.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

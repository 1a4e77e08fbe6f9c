import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { composeCode } from './code-samples.ts';
import { composeSummary, composeTranslation } from './compose-material.ts';
import { composePart, openPhraseBook, type PhraseBook } from './compose-parts.ts';
import { composeWriting } from './compose-writing.ts';
import { BULLETS, CLOSERS, OPENERS, REASONING, SENTENCES } from './phrases.ts';
import { GENERIC_KEYWORDS, type PromptSubject, readPromptSubject, readQuotedMaterial } from './prompt-subject.ts';
import { findRailwaySwitchAnswer } from './railway-switch-answers.ts';
import { type StyleName, WRITING_STYLES, type WritingStyle } from './writing-styles.ts';

const GENERIC_PHRASES = [
  'the first step',
  'the outcome',
  'the details',
  'the usual case',
  'the awkward case',
  'the starting point',
  'the bigger picture',
  'the next decision',
];

function wordCount(text: string): number {
  return text.split(/\s+/).length;
}

function explain(style: WritingStyle, subject: PromptSubject, book: PhraseBook, random: SeededRandom): string {
  const targetWords = random.integer(style.words[0], style.words[1]);
  const blocks = style.parts
    .map((part) => composePart(part, style, subject, book, random))
    .filter((block) => block !== '');
  // Longer answers get more paragraphs before the last block, shorter ones lose from the middle.
  while (wordCount(blocks.join(' ')) < targetWords - 30)
    blocks.splice(-1, 0, composePart('paragraph', style, subject, book, random));
  while (wordCount(blocks.join(' ')) > targetWords + 60 && blocks.length > 3) blocks.splice(-2, 1);
  return blocks.join('\n\n');
}

function calculate(prompt: string): string {
  const match = /(-?\d+(?:\.\d+)?)\s*([-+*/x×÷])\s*(-?\d+(?:\.\d+)?)/i.exec(prompt);
  const left = Number(match?.[1]);
  const right = Number(match?.[3]);
  const results: Record<string, number> = {
    '+': left + right,
    '-': left - right,
    '/': left / right,
    '÷': left / right,
  };
  const result = results[match?.[2] ?? ''] ?? left * right;
  return `${match?.[1]} ${match?.[2]} ${match?.[3]} = **${Number(result.toFixed(6))}**`;
}

function countAskedFor(prompt: string): number {
  const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  const match = /\b(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b/i.exec(prompt)?.[1]?.toLowerCase();
  const count = match === undefined ? 5 : names.includes(match) ? names.indexOf(match) : Number(match);
  return Math.min(20, Math.max(1, count));
}

/**
 * Markdown that answers the form of the prompt in the style of a model. The same seed parts, style and prompt give the same text.
 * @param seedParts what the answer depends on beside the prompt: seed, vendor, model, choice
 */
export function composeAnswer(prompt: string, styleName: StyleName, seedParts: readonly (string | number)[]): string {
  const prepared = findRailwaySwitchAnswer(prompt, styleName, String(seedParts[1]));
  if (prepared !== undefined) return prepared;
  const random = createSeededRandom('answer', ...seedParts, prompt);
  const style: WritingStyle = WRITING_STYLES[styleName];
  const read = readPromptSubject(prompt);
  const others = random.sample(GENERIC_PHRASES, GENERIC_PHRASES.length);
  const keywords = read.keywords.map((word) => (GENERIC_KEYWORDS.includes(word) ? (others.pop() ?? word) : word));
  const subject = { ...read, keywords };
  const book = openPhraseBook(subject, random);
  switch (subject.intent) {
    case 'greeting':
      return random.pick([
        'Hello! What would you like to work on?',
        'Hi there. How can I help today?',
        'Hello, good to hear from you. What shall we look at first?',
      ]);
    case 'arithmetic':
      return calculate(prompt);
    case 'short':
      return /\b(one|single) word\b/i.test(prompt)
        ? (subject.keywords[random.integer(0, 1)] ?? 'Yes')
        : book.draw(SENTENCES);
    case 'translate':
      return composeTranslation(prompt, readQuotedMaterial(prompt), random);
    case 'summarise':
      return composeSummary(
        readQuotedMaterial(prompt),
        styleName !== 'conversational' && styleName !== 'essay',
        random.integer(2, 4),
      );
    case 'code':
      return [
        book.draw(OPENERS),
        composeCode(prompt, subject, random),
        composePart('bullets', style, subject, book, random),
        book.draw(CLOSERS),
      ].join('\n\n');
    case 'list': {
      const count = countAskedFor(prompt);
      const items = Array.from({ length: count }, (_, index) => `${index + 1}. ${book.draw(BULLETS)}`);
      return [book.draw(OPENERS), items.join('\n'), styleName === 'concise' ? '' : book.draw(CLOSERS)]
        .filter(Boolean)
        .join('\n\n');
    }
    case 'compare':
      return [
        book.draw(OPENERS),
        composePart('table', style, subject, book, random),
        composePart('paragraph', style, subject, book, random),
        book.draw(CLOSERS),
      ].join('\n\n');
    case 'write':
      return composeWriting(prompt, subject, book, random) ?? explain(style, subject, book, random);
    case 'explain':
      return explain(style, subject, book, random);
  }
}

/** Thoughts of about `sentenceCount` sentences, for models that show their reasoning. */
export function composeReasoning(
  prompt: string,
  sentenceCount: number,
  seedParts: readonly (string | number)[],
): string {
  const random = createSeededRandom('reasoning', ...seedParts, prompt);
  const book = openPhraseBook(readPromptSubject(prompt), random);
  return Array.from({ length: sentenceCount }, (_, index) => book.fill(REASONING[index % REASONING.length] ?? '')).join(
    ' ',
  );
}

import type { SeededRandom } from '../seeded-random.ts';
import {
  BULLETS,
  CLOSERS,
  HEADINGS,
  OPENERS,
  QUESTIONS,
  QUOTES,
  SENTENCES,
  STEPS,
  TABLE_ROWS,
  TABLE_VALUES,
} from './phrases.ts';
import type { PromptSubject } from './prompt-subject.ts';
import type { WritingStyle } from './writing-styles.ts';

/** Draws phrases without repeating one before all were used, and fills in the words of the prompt. */
export interface PhraseBook {
  draw(phrases: readonly string[]): string;
  fill(phrase: string): string;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function openPhraseBook(subject: PromptSubject, random: SeededRandom): PhraseBook {
  const decks = new Map<readonly string[], string[]>();
  const fill = (phrase: string): string => {
    const offset = random.integer(0, subject.keywords.length - 1);
    const word = (index: number): string => subject.keywords[(offset + index) % subject.keywords.length] ?? 'it';
    return phrase
      .replaceAll('{t}', subject.topic)
      .replaceAll('{a}', word(0))
      .replaceAll('{A}', capitalise(word(0)))
      .replaceAll('{b}', word(1))
      .replaceAll('{c}', word(2));
  };
  const draw = (phrases: readonly string[]): string => {
    let deck = decks.get(phrases);
    if (deck === undefined || deck.length === 0) {
      deck = random.sample(phrases, phrases.length);
      decks.set(phrases, deck);
    }
    return capitalise(fill(deck.pop() ?? ''));
  };
  return { draw, fill };
}

function composeTable(subject: PromptSubject, random: SeededRandom): string {
  const options = subject.keywords.slice(0, random.integer(2, 3)).map(capitalise);
  const rows = random
    .sample(
      TABLE_ROWS.map((_, index) => index),
      random.integer(3, 5),
    )
    .sort((left, right) => left - right);
  const lines = [`| | ${options.join(' | ')} |`, `| --- |${' --- |'.repeat(options.length)}`];
  for (const row of rows) {
    const values = random.sample(TABLE_VALUES[row] ?? [], options.length);
    lines.push(`| ${TABLE_ROWS[row]} | ${values.join(' | ')} |`);
  }
  return lines.join('\n');
}

function withHeading(style: WritingStyle, title: string, body: string): string {
  if (style.heading === '') return body;
  return style.heading === 'bold' ? `**${title}**\n\n${body}` : `${style.heading}${title}\n\n${body}`;
}

/** One block of Markdown of the asked part. */
export function composePart(
  part: WritingStyle['parts'][number],
  style: WritingStyle,
  subject: PromptSubject,
  book: PhraseBook,
  random: SeededRandom,
): string {
  const sentences = (count: number): string => Array.from({ length: count }, () => book.draw(SENTENCES)).join(' ');
  switch (part) {
    case 'opener':
      return `${book.draw(OPENERS)} ${sentences(1)}`;
    case 'paragraph':
      return withHeading(style, book.draw(HEADINGS), sentences(random.integer(2, 4)));
    case 'bullets': {
      const items = Array.from({ length: random.integer(3, 5) }, (_, index) => {
        const mark = style.bullet === '1. ' ? `${index + 1}. ` : style.bullet;
        return mark + book.draw(BULLETS);
      });
      return withHeading(style, book.draw(HEADINGS), items.join('\n'));
    }
    case 'steps':
      return random
        .sample(STEPS, random.integer(4, 6))
        .map((step, index) => `${index + 1}. ${capitalise(book.fill(step))}`)
        .join('\n');
    case 'table':
      return withHeading(style, book.draw(HEADINGS), composeTable(subject, random));
    case 'quote':
      return `> ${book.draw(QUOTES)}`;
    case 'closer':
      return book.draw(CLOSERS);
    case 'question':
      return book.draw(QUESTIONS);
    case 'code':
      return '';
  }
}

import type { SeededRandom } from '../seeded-random.ts';
import type { PhraseBook } from './compose-parts.ts';
import type { PromptSubject } from './prompt-subject.ts';

const STORY_OPENINGS = [
  'Nobody had planned for {a}, least of all on a Tuesday.',
  'It began, as such things do, with {a} and a door left open.',
  'For years {a} had been exactly where it belonged. That morning it was not.',
];
const STORY_TURNS = [
  'The first sign was small: {b}, where no one had looked before.',
  'She counted the steps twice, because the second number was always the honest one.',
  '"You came for {b}," the old man said, and it was not a question.',
  'The wind dropped. In the quiet, {c} seemed closer than it had any right to be.',
  'There was a note, folded four times, and on it a single line about {b}.',
  'He thought of turning back, and then of what he would say to himself if he did.',
  'By evening the whole street knew, and each told it a little differently.',
  'What she remembered later was the light, and how ordinary {c} looked in it.',
  'They waited for an answer until the tea was cold.',
];
const STORY_ENDINGS = [
  'In the end {a} stayed, and nobody asked why. It was enough that the door was closed again.',
  'When the morning came, {b} was gone. Only the note remained, and she kept it.',
  'He smiled, wrote the date on the first page, and began.',
];
const LETTER_LINES = [
  'I am writing about {a}, which we have discussed before.',
  'The next step is to agree on {b} before the end of the week.',
  'If anything about {c} is unclear, please tell me and I will add the details.',
  'So far the work is on track, and there is nothing that needs your attention today.',
  'Two points are still open, and both can be settled in a short call.',
  'It would help to know whether {b} still has the same priority for you.',
];
const SLOGANS = [
  '{A}, made simple',
  'More {b}, less worry',
  'Where {a} meets {b}',
  'Quietly better {c}',
  'Start with {a}',
];

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A story, poem, letter or slogans when the prompt asks for one; undefined for any other kind of text. */
export function composeWriting(
  prompt: string,
  subject: PromptSubject,
  book: PhraseBook,
  random: SeededRandom,
): string | undefined {
  const draw = (phrases: readonly string[], count: number): string[] =>
    Array.from({ length: count }, () => book.draw(phrases));
  if (/\bhaiku\b/i.test(prompt)) {
    const [first = '', second = ''] = subject.keywords;
    return `${capitalised(first)} at dawn,  \nthe window waits for ${second},  \none drop, then the next.`;
  }
  if (/\b(poem|verse|song)\b/i.test(prompt)) {
    const lines = draw(STORY_TURNS, 8).map((line) => line.replace(/[.]$/, ','));
    return [lines.slice(0, 4), lines.slice(4)].map((verse) => verse.join('  \n').replace(/,$/, '.')).join('\n\n');
  }
  if (/\b(story|tale|fable|scene)\b/i.test(prompt)) {
    const paragraphs = Array.from({ length: random.integer(2, 3) }, () =>
      draw(STORY_TURNS, random.integer(2, 3)).join(' '),
    );
    return [
      `**${capitalised(subject.topic)}**`,
      book.draw(STORY_OPENINGS),
      ...paragraphs,
      book.draw(STORY_ENDINGS),
    ].join('\n\n');
  }
  if (/\b(e-?mail|letter|message to|announcement)\b/i.test(prompt)) {
    const greeting = random.pick(['Hello everyone,', 'Dear team,', 'Hi all,']);
    const body = [draw(LETTER_LINES, 2), draw(LETTER_LINES, 2)].map((lines) => lines.join(' '));
    return [
      `**Subject:** ${capitalised(subject.topic)}`,
      greeting,
      ...body,
      `${random.pick(['Best regards,', 'Kind regards,', 'Many thanks,'])}  \n[Your name]`,
    ].join('\n\n');
  }
  if (/\b(slogan|headline|tagline|title)s?\b/i.test(prompt)) {
    return draw(SLOGANS, 4)
      .map((line) => `- ${line}`)
      .join('\n');
  }
  return undefined;
}

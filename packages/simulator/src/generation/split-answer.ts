import type { SeededRandom } from '../seeded-random.ts';
import { splitIntoTokens, type TokenPiece } from '../tokens/count-tokens.ts';
import type { Answer, AnswerPiece } from './answer.ts';

/** How many tokens one event of the vendor carries. */
export interface ChunkHabit {
  readonly low: number;
  readonly high: number;
  /** Tool calls arrive in one event, arguments complete. */
  readonly wholeToolCalls: boolean;
}

function chunk(text: string, habit: ChunkHabit, random: SeededRandom): TokenPiece[] {
  const chunks: TokenPiece[] = [];
  let current: TokenPiece = { text: '', tokens: 0 };
  let target = random.integer(habit.low, habit.high);
  for (const piece of splitIntoTokens(text)) {
    current.text += piece.text;
    current.tokens += piece.tokens;
    if (current.tokens >= target) {
      chunks.push(current);
      current = { text: '', tokens: 0 };
      target = random.integer(habit.low, habit.high);
    }
  }
  if (current.text !== '') chunks.push(current);
  return chunks;
}

/** The answer in the order and sizes in which the vendor streams it; choices take turns when there are several. */
export function splitAnswer(
  answer: Answer,
  habit: ChunkHabit,
  tokenFactor: number,
  wholeText: boolean,
  random: SeededRandom,
): AnswerPiece[] {
  const perChoice = answer.choices.map((choice, index) => {
    const pieces: AnswerPiece[] = [];
    const add = (kind: AnswerPiece['kind'], text: string, tool?: AnswerPiece['tool']): void => {
      const parts = wholeText ? [{ text, tokens: Math.ceil(text.length / 8) }] : chunk(text, habit, random);
      for (const part of parts)
        pieces.push({
          choice: index,
          kind,
          value: part.text,
          tokens: part.tokens * tokenFactor,
          ...(tool && { tool }),
        });
    };
    if (choice.reasoning !== '') add('reasoning', choice.reasoning);
    if (choice.text !== '') add('text', choice.text);
    if (choice.refusal !== '') add('refusal', choice.refusal);
    for (const [toolIndex, call] of choice.toolCalls.entries()) {
      const tool = { index: toolIndex, call };
      if (habit.wholeToolCalls) {
        pieces.push({
          choice: index,
          kind: 'tool-start',
          value: call.input,
          tokens: Math.ceil(call.input.length / 4),
          tool,
        });
      } else {
        pieces.push({ choice: index, kind: 'tool-start', value: '', tokens: 4, tool });
        add('tool-input', call.input, tool);
      }
    }
    return pieces;
  });
  if (perChoice.length === 1) return perChoice[0] ?? [];
  const merged: AnswerPiece[] = [];
  for (let position = 0; perChoice.some((pieces) => position < pieces.length); position++) {
    for (const pieces of perChoice) {
      const piece = pieces[position];
      if (piece !== undefined) merged.push(piece);
    }
  }
  return merged;
}

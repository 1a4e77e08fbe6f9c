import { decodeGenerator, encode } from 'gpt-tokenizer/encoding/o200k_base';

const EXACT_CHARACTERS = 40_000;
const SLICE_CHARACTERS = 400;
const NO_SPECIAL_TOKENS = { disallowedSpecial: new Set<string>() };

/** Cuts at white space where there is some: byte-pair merging is quadratic in the length of an unbroken run. */
function* slicesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + SLICE_CHARACTERS);
    if (end < text.length) {
      const space = text.lastIndexOf(' ', end);
      if (space > start) end = space;
      else if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end -= 1;
    }
    yield text.slice(start, end);
    start = end;
  }
}

/** Tokens of the text in the o200k encoding; beyond 40,000 characters extrapolated from the beginning. */
export function countTokens(text: string): number {
  const measured = text.length > EXACT_CHARACTERS ? text.slice(0, EXACT_CHARACTERS) : text;
  let count = 0;
  for (const slice of slicesOf(measured)) count += encode(slice, NO_SPECIAL_TOKENS).length;
  return measured === text ? count : Math.round((count * text.length) / EXACT_CHARACTERS);
}

/** One visible unit of text and how many tokens it took (a character may need several tokens). */
export interface TokenPiece {
  text: string;
  tokens: number;
}

/** The text token by token; joined pieces equal the text exactly. */
export function splitIntoTokens(text: string): TokenPiece[] {
  const pieces: TokenPiece[] = [];
  for (const slice of slicesOf(text)) {
    const tokens = encode(slice, NO_SPECIAL_TOKENS);
    let sliceTokens = 0;
    const decoded = [...decodeGenerator(tokens)];
    if (decoded.join('') !== slice) {
      // A lone surrogate does not survive encoding; keep the text whole instead.
      pieces.push({ text: slice, tokens: tokens.length });
      continue;
    }
    for (const [index, part] of decoded.entries()) {
      const isLast = index === decoded.length - 1;
      const share = isLast ? tokens.length - sliceTokens : 1;
      sliceTokens += share;
      pieces.push({ text: part, tokens: share });
    }
  }
  return pieces;
}

/** The longest beginning of the text that fits in `maxTokens`, and whether anything was cut off. */
export function truncateToTokens(text: string, maxTokens: number): { text: string; tokens: number; cut: boolean } {
  let kept = '';
  let tokens = 0;
  for (const piece of splitIntoTokens(text)) {
    if (tokens + piece.tokens > maxTokens) return { text: kept, tokens, cut: true };
    kept += piece.text;
    tokens += piece.tokens;
  }
  return { text: kept, tokens, cut: false };
}

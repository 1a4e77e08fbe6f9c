/** Whether one code point belongs to a set. */
export type CodePointTest = (codePoint: number) => boolean;

/** A read pattern. Groups capture nothing: a scorer asks only whether the text matches. */
export type PatternTree =
  | { readonly type: 'empty' }
  | { readonly type: 'one'; readonly test: CodePointTest }
  | { readonly type: 'assert'; readonly what: 'start' | 'end' | 'word-boundary' | 'no-word-boundary' }
  | { readonly type: 'sequence' | 'choice'; readonly parts: readonly PatternTree[] }
  | { readonly type: 'repeat'; readonly part: PatternTree; readonly least: number; readonly most: number };

/** As in JavaScript: case ignored, ^ and $ at every line, . takes line ends too. */
export interface PatternFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
}

/** How one model writes: what makes two lanes of a comparison look different. */
export interface WritingStyle {
  /** Words of an ordinary answer. */
  readonly words: readonly [low: number, high: number];
  readonly heading: '' | '## ' | '### ' | 'bold';
  readonly bullet: '- ' | '* ' | '1. ';
  /** Parts an explanation is built from, in order. */
  readonly parts: readonly (
    | 'opener'
    | 'paragraph'
    | 'bullets'
    | 'steps'
    | 'table'
    | 'code'
    | 'quote'
    | 'closer'
    | 'question'
  )[];
}

export const WRITING_STYLES = {
  concise: { words: [80, 130], heading: '', bullet: '- ', parts: ['paragraph', 'bullets', 'closer'] },
  structured: {
    words: [220, 340],
    heading: '## ',
    bullet: '- ',
    parts: ['opener', 'paragraph', 'bullets', 'paragraph', 'table', 'closer'],
  },
  tabular: {
    words: [170, 260],
    heading: '### ',
    bullet: '* ',
    parts: ['opener', 'table', 'bullets', 'paragraph', 'closer'],
  },
  stepwise: { words: [150, 240], heading: 'bold', bullet: '1. ', parts: ['opener', 'steps', 'paragraph', 'bullets'] },
  conversational: {
    words: [150, 230],
    heading: '',
    bullet: '- ',
    parts: ['opener', 'paragraph', 'paragraph', 'bullets', 'question'],
  },
  essay: {
    words: [280, 400],
    heading: '## ',
    bullet: '- ',
    parts: ['opener', 'paragraph', 'quote', 'paragraph', 'paragraph', 'bullets', 'paragraph', 'closer'],
  },
} as const satisfies Record<string, WritingStyle>;

export type StyleName = keyof typeof WRITING_STYLES;

/** A field of a check or judge as the editor shows it; `name` is its place in the content. */
export interface ScorerField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'text' | 'long-text' | 'lines' | 'number' | 'switch' | 'choice' | 'json';
  readonly placeholder?: string;
  /** What holds when nothing is said. */
  readonly usual?: string | number | boolean;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly decimals?: number;
}

export interface ScorerKindWords {
  readonly label: string;
  readonly hint: string;
  readonly fields: readonly ScorerField[];
  /** What a new one begins with. */
  readonly start: Readonly<Record<string, unknown>>;
}

const fromItem = 'what the item expects';
const ignoresCase = (usual: boolean): ScorerField => ({
  ...{ name: 'ignoresCase', label: 'Upper and lower case are alike', kind: 'switch', usual },
});
const ignoresSpacing: ScorerField = {
  ...{ name: 'ignoresSpacing', label: 'Spaces and line ends are alike', kind: 'switch', usual: true },
};
const words = (...values: readonly (readonly [value: string, label: string])[]) =>
  values.map(([value, label]) => ({ value, label }));

/** Every check, in the order in which they are offered. */
export const checkKinds: Readonly<Record<string, ScorerKindWords>> = {
  exact: {
    label: 'Exact text',
    hint: '1 when the answer is what is expected, else 0.',
    start: { type: 'exact' },
    fields: [
      { name: 'expected', label: 'Expected', kind: 'text', placeholder: fromItem },
      ignoresCase(false),
      ignoresSpacing,
    ],
  },
  contains: {
    label: 'Contains',
    hint: 'Whether texts are in the answer.',
    start: { type: 'contains' },
    fields: [
      { name: 'texts', label: 'Texts', hint: 'One per line.', kind: 'lines', placeholder: fromItem },
      {
        ...{ name: 'wants', label: 'Wanted', kind: 'choice', usual: 'all' },
        choices: words(
          ['all', 'all of them'],
          ['any', 'any of them'],
          ['none', 'none of them'],
          ['share', 'score is the share that is there'],
        ),
      },
      ignoresCase(true),
    ],
  },
  regex: {
    label: 'Pattern',
    hint: 'A regular expression, matched in linear time: no look-around, no back-references.',
    start: { type: 'regex', pattern: '' },
    fields: [
      { name: 'pattern', label: 'Pattern', kind: 'text', placeholder: '^(yes|no)$' },
      { name: 'shouldMatch', label: 'It must match', hint: 'Off: it must not.', kind: 'switch', usual: true },
      { name: 'isWholeAnswer', label: 'It must match the whole answer', kind: 'switch', usual: false },
      ignoresCase(false),
      { name: 'multiline', label: '^ and $ stand for line ends', kind: 'switch', usual: false },
    ],
  },
  'json-schema': {
    label: 'JSON schema',
    hint: '1 when the answer is JSON of this shape.',
    start: { type: 'json-schema', schema: { type: 'object' } },
    fields: [
      { name: 'schema', label: 'Schema', kind: 'json' },
      { name: 'allowsFences', label: 'It may stand between ``` marks', kind: 'switch', usual: true },
    ],
  },
  'edit-distance': {
    label: 'Likeness',
    hint: 'How little must be changed to get what is expected, 0 to 1.',
    start: { type: 'edit-distance' },
    fields: [
      { name: 'expected', label: 'Expected', kind: 'text', placeholder: fromItem },
      ignoresCase(false),
      ignoresSpacing,
    ],
  },
  numeric: {
    label: 'Number',
    hint: '1 when a number of the answer is close enough.',
    start: { type: 'numeric' },
    fields: [
      { name: 'expected', label: 'Expected', kind: 'number', placeholder: fromItem, decimals: 6 },
      { name: 'tolerance', label: 'May differ by', kind: 'number', usual: 0, decimals: 6 },
      {
        ...{ name: 'relativeTolerance', label: 'May differ by this share', kind: 'number', usual: 0, decimals: 4 },
        hint: '0.01 is one percent; the larger of the two holds.',
      },
      {
        ...{ name: 'takes', label: 'Which number counts', kind: 'choice', usual: 'last' },
        choices: words(['first', 'the first one'], ['last', 'the last one'], ['whole', 'the answer is a number']),
      },
    ],
  },
  length: {
    label: 'Length',
    hint: '1 when the answer is neither too short nor too long.',
    start: { type: 'length', max: 100 },
    fields: [
      { name: 'min', label: 'At least', kind: 'number', placeholder: 'none' },
      { name: 'max', label: 'At most', kind: 'number', placeholder: 'none' },
      {
        ...{ name: 'unit', label: 'Counted in', kind: 'choice', usual: 'words' },
        choices: words(['words', 'words'], ['characters', 'characters'], ['lines', 'lines']),
      },
    ],
  },
  latency: {
    label: 'Latency',
    hint: '1 when the answer came quickly, 0 when it came late, in a straight line between.',
    start: { type: 'latency', targetMs: 2_000, limitMs: 10_000 },
    fields: [
      { name: 'targetMs', label: 'Score 1 up to, ms', kind: 'number' },
      { name: 'limitMs', label: 'Score 0 from, ms', kind: 'number' },
      {
        ...{ name: 'measure', label: 'Of', kind: 'choice', usual: 'whole-answer' },
        choices: words(['whole-answer', 'the whole answer'], ['first-token', 'the first token']),
      },
    ],
  },
};

const judgeFields: readonly ScorerField[] = [
  {
    ...{ name: 'rubric', label: 'What a good answer is', kind: 'long-text' },
    hint: 'In words, as you would explain it to a new colleague.',
    placeholder: 'It answers the question, names its source and stays under three sentences.',
  },
  {
    ...{ name: 'seesExpected', label: 'The judge is shown what the item expects', kind: 'switch', usual: true },
  },
  { name: 'maxOutputTokens', label: 'Output tokens at most', kind: 'number', usual: 1_000 },
  {
    ...{ name: 'examples', label: 'Examples', kind: 'json' },
    hint: 'What people judged before, ten at the most.',
  },
];

/** Both kinds of judges. */
export const judgeKinds: Readonly<Record<string, ScorerKindWords>> = {
  rubric: {
    label: 'On a scale',
    hint: 'Looks at each answer alone and places it on a scale, with a reason.',
    start: { type: 'rubric', model: '', rubric: '', scale: { min: 1, max: 5 } },
    fields: [
      ...judgeFields.slice(0, 1),
      { name: 'scale.min', label: 'Worst', kind: 'number', usual: 1 },
      { name: 'scale.max', label: 'Best', kind: 'number', usual: 5 },
      ...judgeFields.slice(1),
    ],
  },
  pairwise: {
    label: 'Side by side',
    hint: 'Compares an answer with the baseline in both orders; what it says in one order only counts half.',
    start: { type: 'pairwise', model: '', rubric: '' },
    fields: judgeFields,
  },
};

type Content = Readonly<Record<string, unknown>>;

/** `check` or `judge` with what stands in it. */
export function partsOf(content: unknown): { readonly group: 'check' | 'judge'; readonly settings: Content } {
  const map = (content ?? {}) as Readonly<Record<string, Content | undefined>>;
  return map.judge ? { group: 'judge', settings: map.judge } : { group: 'check', settings: map.check ?? {} };
}

/** What a scorer does, in a few words. */
export function scorerWords(content: unknown): string {
  const { group, settings } = partsOf(content);
  const type = String(settings.type ?? '');
  const kind = (group === 'judge' ? judgeKinds : checkKinds)[type];
  if (group === 'judge') return `${kind?.label ?? type}, ${String(settings.model ?? '')}`;
  const detail = { regex: settings.pattern, contains: (settings.texts as string[] | undefined)?.join(', ') }[type];
  return `${kind?.label ?? type}${detail ? `: ${String(detail).slice(0, 80)}` : ''}`;
}

/** Reads a place like `scale.min`. */
export function readPlace(settings: Content, name: string): unknown {
  return name.split('.').reduce<unknown>((value, part) => (value as Content | undefined)?.[part], settings);
}

/** Writes a place like `scale.min`; undefined takes it away. */
export function writePlace(settings: Content, name: string, value: unknown): Content {
  const [first = '', ...rest] = name.split('.');
  const inner = rest.length > 0 ? writePlace((settings[first] ?? {}) as Content, rest.join('.'), value) : value;
  const { [first]: _old, ...others } = settings;
  return inner === undefined ? others : { ...settings, [first]: inner };
}

import { createSeededRandom } from '@switchyard/core/kernel';

/** Something that no honest client sends; every one of them must be refused. */
export interface HostileDocument {
  readonly name: string;
  /** The body of a POST and the payload of a message on the socket, as JSON. */
  readonly json: string;
}

type Make = (chance: Chance) => unknown;

/** Draws of one document. */
interface Chance {
  /** A whole number from `low` to `high`. */
  integer(low: number, high: number): number;
  pick<Value>(values: readonly Value[]): Value;
}

const times = (count: number, make: (index: number) => string, by = ' ') =>
  Array.from({ length: count }, (_, i) => make(i)).join(by);
const doc = (query: string, variables?: unknown) => ({ query, ...(variables !== undefined && { variables }) });
const nestedModels = (levels: number) =>
  `models(first: 1) { edges { node { ${'equivalents { '.repeat(levels)} id ${'} '.repeat(levels)} } } }`;
/** JSON that is too deep to be written by JSON.stringify. */
class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
const nestedList = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
const nestedObject = (levels: number, key: string) => `${`{"${key}":`.repeat(levels)}1${'}'.repeat(levels)}`;

const kinds: readonly (readonly [name: string, count: number, make: Make])[] = [
  ['too deep', 14, ({ integer }) => doc(`{ ${nestedModels(integer(10, 400))} }`)],
  ['too deep in inline fragments', 6, ({ integer }) => doc(`{ ${'... on Query { '.repeat(integer(1, 300))} nothing`)],
  [
    'many aliases',
    14,
    ({ integer, pick }) => {
      const field = pick(['__typename', 'viewer { scopes }', 'installation { version }']);
      return doc(`{ ${times(integer(31, 300), (index) => `a${index}: ${field}`)} }`);
    },
  ],
  [
    'many directives',
    14,
    ({ integer, pick }) => {
      const directive = pick(['@include(if: true)', '@skip(if: false)', '@nothing', '@include(if: $x)']);
      return doc(`{ __typename ${times(integer(51, 300), () => directive)} }`);
    },
  ],
  [
    'a cycle of fragments',
    16,
    ({ integer }) => {
      const length = integer(1, 60);
      const fragments = times(length, (i) => `fragment F${i} on Query { __typename ...F${(i + 1) % length} }`);
      return doc(`{ ...F${integer(0, length - 1)} } ${fragments}`);
    },
  ],
  [
    'a fragment named like introspection',
    12,
    ({ integer, pick }) => {
      const name = pick(['__schema', '__type', '__typename', '__Schema', 'IntrospectionQuery']);
      const inside = pick([
        nestedModels(integer(10, 100)),
        times(integer(31, 200), (i) => `a${i}: __typename`),
        `...${name}`,
      ]);
      return doc(`query IntrospectionQuery { ...${name} } fragment ${name} on Query { ${inside} }`);
    },
  ],
  [
    'a bomb of fragments',
    12,
    ({ integer }) => {
      const [levels, width] = [integer(12, 60), integer(2, 8)];
      const spreads = (index: number) => times(width, () => `...F${index + 1}`);
      return doc(
        `{ ...F0 } ${times(levels, (i) => `fragment F${i} on Query { ${spreads(i)} }`)} fragment F${levels} on Query { __typename }`,
      );
    },
  ],
  ['many operations', 10, ({ integer }) => doc(times(integer(11, 400), (i) => `query Q${i} { __typename }`))],
  [
    'many fragments',
    4,
    ({ integer }) => doc(`{ __typename } ${times(integer(101, 220), (i) => `fragment F${i} on Query { __typename }`)}`),
  ],
  ['many ids', 8, ({ integer }) => doc(`{ nodes(ids: [${times(integer(101, 1_500), (i) => `"${i}"`)}]) { id } }`)],
  [
    'a huge list in the variables',
    14,
    ({ integer, pick }) => {
      const item = pick<unknown>(['VXNlcjox', 1, null, {}, []]);
      return doc('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        ids: new Array(integer(1_001, 60_000)).fill(item),
      });
    },
  ],
  ['a batch', 10, ({ integer }) => Array.from({ length: integer(1, 1_000) }, () => doc('{ __typename }'))],
  [
    'a page out of bounds',
    10,
    ({ integer, pick }) => {
      const size = pick([101, 1_000, 2_147_483_647, 2_147_483_648, -1, '99999999999999999999', '1e400']);
      return doc(
        `{ comparisons(${pick(['first', 'last'])}: ${size}) { edges { node { lanes { id usage { inputTokens } } cursor: id } } } } # ${integer(0, 9)}`,
      );
    },
  ],
  [
    'a huge number or text where another value belongs',
    10,
    ({ integer, pick }) =>
      doc('query($n: Int!) { models(first: $n) { totalCount } }', {
        n: pick<unknown>([1e308, '9'.repeat(integer(1, 100_000)), 2 ** 53, 'x'.repeat(integer(1, 200_000)), true, {}]),
      }),
  ],
  [
    'deep input objects',
    14,
    ({ integer, pick }) => {
      const levels = integer(65, 20_000);
      const value = pick([nestedList(levels), nestedObject(levels, pick(['a', '__proto__', 'constructor', 'filter']))]);
      const query = 'query($filter: CallRecordFilter) { callRecords(filter: $filter) { totalCount } }';
      return new RawJson(`{"query":${JSON.stringify(query)},"variables":{"filter":${value}}}`);
    },
  ],
  [
    'deep values in the text',
    6,
    ({ integer }) => doc(`{ models(first: ${'['.repeat(integer(50, 900))}1 ) { totalCount } }`),
  ],
  ['many tokens', 8, ({ integer }) => doc(`{ ${times(integer(2_001, 30_000), () => '__typename')} }`)],
  [
    'fields that exclude each other',
    6,
    ({ integer }) => doc(`{ ${times(integer(1_001, 1_900), (i) => (i % 2 ? 'viewer' : '__typename'))} }`),
  ],
  ['unknown fields with near names', 4, ({ integer }) => doc(`{ ${times(integer(50, 900), (i) => `modelz${i}`)} }`)],
  ['comments', 4, ({ integer }) => doc(`{ nothing } ${times(integer(100, 20_000), () => '# x', '\n')}`)],
  [
    'strange letters',
    8,
    ({ pick, integer }) => {
      const letter = pick(['\u0000', '\u202e', '\ud800', '𝕏', 'ｖ', '\u2028', '\ufeff{', '"""']);
      return doc(`{ viewer${letter.repeat(integer(1, 200))} { scopes } }`);
    },
  ],
  [
    'no operation at all',
    6,
    ({ pick }) =>
      pick<unknown>([
        null,
        1,
        'x',
        {},
        { query: 1 },
        { query: { a: 1 } },
        { query: '' },
        { query: '{ __typename }', variables: [] },
      ]),
  ],
];

/** 200 hostile documents, the same for the same seed. */
export function makeHostileDocuments(seed: number): readonly HostileDocument[] {
  const random = createSeededRandom(seed);
  const integer = (low: number, high: number) => low + Math.floor(random.next() * (high - low + 1));
  const chance: Chance = {
    integer,
    pick: (values) => values[integer(0, values.length - 1)] as (typeof values)[number],
  };
  return kinds.flatMap(([name, count, make]) =>
    Array.from({ length: count }, (_, index) => {
      const made = make(chance);
      return { name: `${name} (${index + 1})`, json: made instanceof RawJson ? made.text : JSON.stringify(made) };
    }),
  );
}

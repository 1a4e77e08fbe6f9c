const chunkLength = 64;

/**
 * An immutable list in which one entry can be changed without copying all: a map of 10,000 entries would otherwise copy
 * 10,000 places for every answer. Plain data.
 */
export interface ChunkedList<Entry> {
  readonly length: number;
  readonly chunks: readonly (readonly Entry[])[];
}

export function chunkedList<Entry>(length: number, entry: Entry): ChunkedList<Entry> {
  const count = Math.ceil(length / chunkLength);
  const chunks = Array.from({ length: count }, (_, index) =>
    new Array<Entry>(Math.min(chunkLength, length - index * chunkLength)).fill(entry),
  );
  return { length, chunks };
}

export function entryAt<Entry>(list: ChunkedList<Entry>, index: number): Entry | undefined {
  return list.chunks[Math.floor(index / chunkLength)]?.[index % chunkLength];
}

/** `list` with `entry` at `index`; an index outside changes nothing. */
export function withEntry<Entry>(list: ChunkedList<Entry>, index: number, entry: Entry): ChunkedList<Entry> {
  if (!(index >= 0 && index < list.length)) return list;
  const place = Math.floor(index / chunkLength);
  const chunk = list.chunks[place]?.with(index % chunkLength, entry) ?? [];
  return { length: list.length, chunks: list.chunks.with(place, chunk) };
}

/** `list` with holes: only the neighbourhood of `index` is there. */
export function aroundEntry<Entry>(list: ChunkedList<Entry>, index: number): ChunkedList<Entry> {
  const place = Math.floor(index / chunkLength);
  const chunks: (readonly Entry[])[] = [];
  const chunk = list.chunks[place];
  if (chunk) chunks[place] = chunk;
  return { length: list.length, chunks };
}

export const entriesOf = <Entry>(list: ChunkedList<Entry>): readonly Entry[] => list.chunks.flat();

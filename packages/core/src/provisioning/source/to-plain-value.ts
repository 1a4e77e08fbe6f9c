import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { SourceProblem } from './source-document.ts';
import { formatPath, pathKey, type SourcePath } from './source-path.ts';

/** Offsets in the text where an entry's key and value begin. */
export interface EntryPlace {
  readonly key: number;
  readonly value: number;
}

type OffsetProblem = Omit<SourceProblem, 'position'> & { readonly offset: number };

/** More levels or values than any sound file has; references (`*name`) count every time they are used. */
const maxDepth = 24;
const maxValues = 50_000;
/** The parser walks the file for each of them. */
const maxReferences = 200;

class SourceTooLarge extends Error {}

/**
 * Turns the parser's tree into plain values and remembers where each stood. Duplicate and unusable keys are reported,
 * references resolved, merges (`<<`) applied with the map's own keys first.
 */
export function toPlainValue(
  document: Document.Parsed,
  lineAt: (offset: number) => number,
): {
  readonly value: unknown;
  readonly problems: readonly OffsetProblem[];
  readonly places: ReadonlyMap<string, EntryPlace>;
} {
  const converter = new PlainValues(document, lineAt);
  try {
    return {
      value: converter.convert(document.contents, [], undefined),
      problems: converter.problems,
      places: converter.places,
    };
  } catch (error) {
    if (!(error instanceof SourceTooLarge)) throw error;
    return { value: undefined, problems: converter.problems, places: converter.places };
  }
}

class PlainValues {
  readonly problems: OffsetProblem[] = [];
  readonly places = new Map<string, EntryPlace>();
  readonly #document: Document.Parsed;
  readonly #lineAt: (offset: number) => number;
  readonly #open = new Set<Node>();
  #values = 0;
  #references = 0;

  constructor(document: Document.Parsed, lineAt: (offset: number) => number) {
    this.#document = document;
    this.#lineAt = lineAt;
  }

  convert(node: Node | null | undefined, path: SourcePath, keyOffset: number | undefined): unknown {
    const offset = node?.range?.[0] ?? keyOffset ?? 0;
    const isPlaced = this.places.has(pathKey(path));
    if (!isPlaced) this.places.set(pathKey(path), { key: keyOffset ?? offset, value: offset });
    this.#values += 1;
    if (path.length > maxDepth) this.#giveUp(path, offset, `The file is nested deeper than ${maxDepth} levels.`);
    if (this.#values > maxValues) this.#giveUp(path, offset, `The file holds more than ${maxValues} values.`);
    if (isAlias(node)) return this.#follow(this.#resolve(node, path), node.source, path, offset);
    if (isMap(node)) return this.#convertMap(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.convert(item as Node, [...path, index], undefined));
    if (!isScalar(node) || node.value === null) return undefined;
    return node.value;
  }

  #resolve(alias: Alias, path: SourcePath): Node | undefined {
    this.#references += 1;
    if (this.#references > maxReferences) {
      this.#giveUp(path, alias.range?.[0] ?? 0, `The file uses more than ${maxReferences} references ("*name").`);
    }
    return alias.resolve(this.#document);
  }

  #follow(target: Node | undefined, name: string, path: SourcePath, offset: number): unknown {
    if (target === undefined) {
      this.#report('YAML_SYNTAX', path, offset, 'This refers to an anchor that is not defined above it.', {
        suggestion: `Write "&${name.slice(0, 40)}" before the value that is meant, or quote the text.`,
      });
      return undefined;
    }
    if (this.#open.has(target)) {
      this.#report('YAML_SYNTAX', path, offset, 'This refers to a value that it is itself a part of.');
      return undefined;
    }
    this.#open.add(target);
    const value = this.convert(target, path, undefined);
    this.#open.delete(target);
    return value;
  }

  #convertMap(map: YAMLMap, path: SourcePath): object {
    const result: Record<string, unknown> = Object.create(null);
    const own = map.items.filter((pair) => !isMerge(pair));
    for (const pair of own) this.#convertPair(pair, path, result);
    for (const pair of map.items.filter(isMerge)) this.#merge(pair.value as Node | null, path, result);
    return result;
  }

  #convertPair(pair: Pair, path: SourcePath, result: Record<string, unknown>): void {
    const keyNode = pair.key as Node | null;
    const offset = keyNode?.range?.[0] ?? (pair.value as Node | null)?.range?.[0] ?? 0;
    const key = isScalar(keyNode) ? keyNode.value : undefined;
    if (typeof key !== 'string' || key === '' || key === '__proto__') {
      this.#report('INVALID_KEY', path, offset, 'A key must be text.', {
        suggestion: isScalar(keyNode) && typeof key !== 'string' ? 'Put the key into quotes.' : 'Write "name: value".',
      });
      return;
    }
    const entryPath = [...path, key];
    if (Object.hasOwn(result, key)) {
      const first = this.places.get(pathKey(entryPath));
      const firstLine = first && this.#lineAt(first.key);
      this.#report(
        'DUPLICATE_KEY',
        entryPath,
        offset,
        `"${formatPath([key])}" is already given in line ${firstLine}.`,
        {
          suggestion: 'Keep one of the two.',
        },
      );
      return;
    }
    result[key] = this.convert(pair.value as Node | null, entryPath, offset);
  }

  #merge(source: Node | null, path: SourcePath, result: Record<string, unknown>): void {
    const offset = source?.range?.[0] ?? 0;
    const sources = isSeq(source) ? (source.items as Node[]) : [source];
    for (const candidate of sources) {
      const target = isAlias(candidate) ? this.#resolve(candidate, path) : candidate;
      if (!isMap(target) || this.#open.has(target)) {
        this.#report('YAML_UNSUPPORTED', path, offset, 'Only a map that is defined above can be merged with "<<".');
        continue;
      }
      this.#open.add(target);
      for (const pair of target.items) {
        if (isMerge(pair)) this.#merge(pair.value as Node | null, path, result);
        else if (!Object.hasOwn(result, String(isScalar(pair.key) ? pair.key.value : ''))) {
          this.#convertPair(pair, path, result);
        }
      }
      this.#open.delete(target);
    }
  }

  #report(
    code: SourceProblem['code'],
    path: SourcePath,
    offset: number,
    message: string,
    more: { suggestion?: string } = {},
  ): void {
    this.problems.push({ severity: 'error', code, path, offset, message, ...more });
  }

  #giveUp(path: SourcePath, offset: number, message: string): never {
    this.#report('YAML_UNSUPPORTED', path, offset, message);
    throw new SourceTooLarge();
  }
}

const isMerge = (pair: Pair): boolean => {
  const key = pair.key;
  return (
    isScalar(key) &&
    (key.value === '<<' || typeof key.value === 'symbol') &&
    key.type !== 'QUOTE_DOUBLE' &&
    key.type !== 'QUOTE_SINGLE'
  );
};

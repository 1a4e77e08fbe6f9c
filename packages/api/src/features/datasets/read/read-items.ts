import { createHash } from 'node:crypto';
import { type DatasetLimits, UnusableFile } from './dataset-limits.ts';
import { type ColumnMapping, type DatasetRow, guessMapping, mapRecord } from './map-record.ts';
import { type ByteSource, type FileFormat, readFile } from './read-file.ts';

export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** An item that is ready to be stored. */
export interface DatasetEntry extends Omit<DatasetRow, 'key' | 'line'> {
  readonly key: string;
  readonly line: number | undefined;
}

/** Problems that are kept; all are counted. */
export const mostProblems = 100;

/** The items of a file, one by one, with what was wrong on the way. */
export class ItemReader {
  readonly problems: LineProblem[] = [];
  problemCount = 0;
  fieldNames: readonly string[] = [];
  /** What was used; undefined until the first record. */
  mapping: ColumnMapping | undefined;
  #columns: readonly string[] = [];
  readonly #keys = new KeyBook();
  readonly #limits: DatasetLimits;
  readonly #wanted: Partial<ColumnMapping> | undefined;

  /** Without `wanted` the mapping is guessed from the names of the columns. */
  constructor(limits: DatasetLimits, wanted?: Partial<ColumnMapping>) {
    this.#limits = limits;
    this.#wanted = wanted;
  }

  get columns(): readonly string[] {
    return this.#columns;
  }

  /** Throws {@link UnusableFile}. */
  async *read(source: ByteSource, format: FileFormat): AsyncGenerator<DatasetEntry> {
    let count = 0;
    for await (const record of readFile(source, format, this.#limits)) {
      if (record.type === 'columns') this.#setColumns(record.names, format);
      else if (record.type === 'problem') this.#note(record.line, record.message);
      else {
        const mapping = this.#requireMapping();
        const row = mapRecord(record.values, mapping, record.line, this.#limits);
        const entry = typeof row === 'string' ? row : this.#withKey(row);
        if (typeof entry === 'string') {
          this.#note(record.line, entry);
          continue;
        }
        count += 1;
        if (count > this.#limits.mostItems) {
          throw new UnusableFile(`A dataset may have ${this.#limits.mostItems} items at the most.`);
        }
        yield entry;
      }
    }
    if (this.#columns.length === 0 && this.problemCount === 0) throw new UnusableFile('The file is empty.');
  }

  #note(line: number, message: string): void {
    this.problemCount += 1;
    if (this.problems.length < mostProblems) this.problems.push({ line, message });
  }

  #setColumns(names: readonly string[], format: FileFormat): void {
    this.#columns = names;
    const mapping = { ...guessMapping(names), ...this.#wanted };
    // Whoever maps the input by hand may leave the rest to be fields.
    if (this.#wanted?.input !== undefined) this.mapping = this.#wanted as ColumnMapping;
    else if (mapping.input !== undefined) this.mapping = mapping as ColumnMapping;
    if (format === 'csv') this.#requireMapping();
    const used = new Set(Object.values(this.mapping ?? {}));
    this.fieldNames = names.filter((name) => !used.has(name));
  }

  #requireMapping(): ColumnMapping {
    const known = this.#columns.map((name) => `"${name}"`).join(', ');
    if (!this.mapping) throw new UnusableFile(`Say which column is the input. Columns: ${known}.`);
    for (const name of Object.values(this.mapping)) {
      // Lines of JSON may leave out what they do not have.
      if (name !== undefined && name === this.mapping.input && !this.#columns.includes(name)) {
        throw new UnusableFile(`There is no column "${name}". Columns: ${known}.`);
      }
    }
    return this.mapping;
  }

  #withKey(row: DatasetRow): DatasetEntry | string {
    const earlier = row.key === undefined ? undefined : this.#keys.lineOf(row.key);
    if (earlier !== undefined) return `The key "${row.key}" is that of line ${earlier} already.`;
    return { ...row, key: this.#keys.add(row.key, row.input, row.line) };
  }
}

/** Names items: by their own key, else by what they ask, so that the same item has the same key in the next version. */
export class KeyBook {
  readonly #lines = new Map<string, number>();
  /** Where counting goes on for a name that was wanted before: a file may hold one question a hundred thousand times. */
  readonly #counts = new Map<string, number>();

  lineOf(key: string): number | undefined {
    return this.#lines.get(key);
  }

  add(key: string | undefined, input: string, line: number): string {
    const wanted = key ?? createHash('sha256').update(input).digest('hex').slice(0, 16);
    let chosen = wanted;
    let count = this.#counts.get(wanted) ?? 1;
    while (this.#lines.has(chosen)) {
      count += 1;
      chosen = `${wanted}-${count}`;
    }
    if (count > 1) this.#counts.set(wanted, count);
    this.#lines.set(chosen, line);
    return chosen;
  }
}

import type { DatasetLimits } from './dataset-limits.ts';
import { UnusableFile } from './dataset-limits.ts';
import type { FileRecord } from './file-record.ts';

const delimiters = [',', ';', '\t', '|'] as const;

/** Values of one record with the line on which it began. */
interface Row {
  readonly line: number;
  readonly values: readonly string[];
  /** What is wrong with it as text. */
  readonly problem?: string;
}

/**
 * Reads CSV (RFC 4180) piece by piece: quoted line ends, doubled quotes, CRLF, LF and CR, and , ; tab or | between values,
 * whichever the first line has most of. The first record names the columns; a name that comes again gets a number, one
 * that is empty the place of its column. A record that cannot be read is a problem with its line, and reading goes on behind it.
 */
export async function* readCsv(pieces: AsyncIterable<string>, limits: DatasetLimits): AsyncGenerator<FileRecord> {
  let names: readonly string[] | undefined;
  for await (const { line, values, problem } of readRows(pieces, limits)) {
    if (!names) {
      if (problem) throw new UnusableFile(`The line with the names of the columns cannot be read: ${problem}`);
      names = nameColumns(values, limits);
      yield { type: 'columns', names };
    } else if (problem) yield { type: 'problem', line, message: problem };
    else if (values.length !== names.length) {
      const message = `It has ${values.length} values, but there are ${names.length} columns.`;
      yield { type: 'problem', line, message };
    } else yield { type: 'record', line, values: new Map(names.map((name, index) => [name, values[index]!])) };
  }
}

function nameColumns(values: readonly string[], limits: DatasetLimits): readonly string[] {
  if (values.length > limits.mostColumns)
    throw new UnusableFile(`A file may have ${limits.mostColumns} columns at the most.`);
  const taken = new Set<string>();
  return values.map((value, index) => {
    const wanted = value.trim().slice(0, 200) || `column ${index + 1}`;
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted} (${count})`;
    taken.add(name);
    return name;
  });
}

async function* readRows(pieces: AsyncIterable<string>, limits: DatasetLimits): AsyncGenerator<Row> {
  const reader = new RowReader(limits);
  for await (const piece of pieces) yield* reader.take(piece);
  yield* reader.end();
}

type State = 'start' | 'plain' | 'quoted' | 'quote-in-quoted';

class RowReader {
  readonly #limits: DatasetLimits;
  #head: string | undefined = '';
  #delimiter = ',';
  #state: State = 'start';
  #values: string[] = [];
  #value = '';
  #size = 0;
  #line = 1;
  #rowLine = 1;
  #problem: string | undefined;
  #wasReturn = false;

  constructor(limits: DatasetLimits) {
    this.#limits = limits;
  }

  *take(piece: string): Generator<Row> {
    if (this.#head === undefined) {
      yield* this.#read(piece);
      return;
    }
    // The delimiter is found in the first line, so that line must be there before anything is read.
    this.#head += piece;
    if (!/[\r\n]/.test(this.#head) && this.#head.length <= this.#limits.longestRecord) return;
    yield* this.#begin();
  }

  *end(): Generator<Row> {
    yield* this.#begin();
    if (this.#state === 'quoted') this.#problem ??= 'A quotation mark is opened and never closed.';
    if (this.#state !== 'start' || this.#values.length > 0) yield* this.#endRow();
  }

  *#begin(): Generator<Row> {
    const head = this.#head;
    this.#head = undefined;
    if (head === undefined || head === '') return;
    const first = /^[^\r\n]*/.exec(head)?.[0].replace(/"[^"]*"/g, '') ?? '';
    const count = (delimiter: string) => first.split(delimiter).length;
    this.#delimiter = delimiters.reduce((best, each) => (count(each) > count(best) ? each : best), ',');
    yield* this.#read(head);
  }

  *#read(piece: string): Generator<Row> {
    const delimiter = this.#delimiter;
    // Letters that mean nothing are taken in runs, not one by one.
    let from = 0;
    const flush = (to: number): void => {
      if (to > from) this.#append(piece.slice(from, to));
    };
    for (let at = 0; at < piece.length; at += 1) {
      const letter = piece[at]!;
      const isReturn = this.#wasReturn;
      this.#wasReturn = letter === '\r';
      if (this.#state === 'quoted') {
        if (letter === '"') {
          flush(at);
          from = at + 1;
          this.#state = 'quote-in-quoted';
        } else if (letter === '\r' || (letter === '\n' && !isReturn)) this.#line += 1;
        continue;
      }
      if (letter === '"') {
        if (this.#state === 'start') this.#state = 'quoted';
        else if (this.#state === 'quote-in-quoted') {
          this.#append('"');
          this.#state = 'quoted';
        } else
          this.#problem ??=
            'There is a quotation mark within a value; put the whole value in quotation marks and double it.';
        if (this.#state === 'plain') continue;
        from = at + 1;
      } else if (letter === delimiter) {
        flush(at);
        from = at + 1;
        this.#endValue();
      } else if (letter === '\n' || letter === '\r') {
        flush(at);
        from = at + 1;
        if (letter === '\n' && isReturn) {
          this.#rowLine = this.#line;
          continue;
        }
        this.#line += 1;
        if (this.#state !== 'start' || this.#values.length > 0) yield* this.#endRow();
        this.#rowLine = this.#line;
      } else if (this.#state === 'start') this.#state = 'plain';
      else if (this.#state === 'quote-in-quoted') {
        if (letter === ' ') {
          from = at + 1;
          continue;
        }
        this.#problem ??= 'Something stands behind the closing quotation mark of a value.';
        this.#state = 'plain';
      }
    }
    flush(piece.length);
  }

  #append(text: string): void {
    this.#size += text.length;
    if (this.#size > this.#limits.longestRecord) {
      this.#problem ??= `It has more than ${this.#limits.longestRecord} characters.`;
      this.#value = '';
    } else this.#value += text;
  }

  #endValue(): void {
    // More values than columns could ever be are a file of another kind.
    if (this.#values.length <= this.#limits.mostColumns) this.#values.push(this.#value);
    this.#value = '';
    this.#state = 'start';
  }

  *#endRow(): Generator<Row> {
    this.#endValue();
    yield { line: this.#rowLine, values: this.#values, ...(this.#problem !== undefined && { problem: this.#problem }) };
    this.#values = [];
    this.#size = 0;
    this.#problem = undefined;
  }
}

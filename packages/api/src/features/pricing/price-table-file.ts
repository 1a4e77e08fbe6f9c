import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type PriceOverride, type PriceTableProblem, readPriceTable } from '@switchyard/core/catalog';

/** `NONE_GOOD`: it could not be used yet since the start, so that its prices are not in force at all. */
export type PriceTableState = 'LOADED' | 'LAST_GOOD_KEPT' | 'NONE_GOOD';

/** What is known of the file that `MODEL_PRICING_TABLE_PATH` names. */
export interface PriceTableStatus {
  readonly path: string;
  /** Without folders, as it stands in messages. */
  readonly fileName: string;
  readonly state: PriceTableState;
  /** Epoch milliseconds of the last time that the file was taken; undefined while it never was. */
  readonly loadedAtMs: number | undefined;
  /** Of the last reading. */
  readonly problems: readonly PriceTableProblem[];
  /** The prices in force. */
  readonly overrides: readonly PriceOverride[];
}

/** The price table as it is in force: a file that cannot be used leaves the last good one in its place. */
export class PriceTableFile {
  #text: string | undefined;
  #status: PriceTableStatus;

  /** `path` is absolute. */
  constructor(path: string) {
    this.#status = {
      path,
      fileName: basename(path),
      state: 'NONE_GOOD',
      loadedAtMs: undefined,
      problems: [],
      overrides: [],
    };
  }

  get status(): PriceTableStatus {
    return this.#status;
  }

  /** Reads the file and takes it when nothing in it is wrong; answers whether the prices are others now. Never throws. */
  async load(nowMs: number): Promise<boolean> {
    const { path, fileName } = this.#status;
    const found = await readTable(path, fileName);
    if (found.problems.length > 0) {
      const state = this.#status.loadedAtMs === undefined ? 'NONE_GOOD' : 'LAST_GOOD_KEPT';
      this.#status = { ...this.#status, state, problems: found.problems };
      return false;
    }
    const isChanged = found.text !== this.#text;
    this.#text = found.text;
    this.#status = {
      ...this.#status,
      state: 'LOADED',
      loadedAtMs: nowMs,
      problems: [],
      ...(isChanged && { overrides: found.overrides }),
    };
    return isChanged;
  }
}

async function readTable(path: string, fileName: string) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return { text, ...readPriceTable(text, fileName) };
  } catch (error) {
    return { text: undefined, overrides: [], problems: [{ path: '', line: 1, message: explainUnreadable(error) }] };
  }
}

function explainUnreadable(error: unknown): string {
  if (error instanceof TypeError) return 'The file is not UTF-8 text.';
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return 'There is no such file. Put it there, or correct MODEL_PRICING_TABLE_PATH.';
  }
  return `The file cannot be read (${code ?? 'unknown error'}). Let the server read it: check its owner and mode.`;
}

/** `prices.yaml:3 prices.0.model: The message.` */
export function describeTableProblem(fileName: string, { path, line, message }: PriceTableProblem): string {
  return `${fileName}:${line} ${path === '' ? '' : `${path}: `}${message}`;
}

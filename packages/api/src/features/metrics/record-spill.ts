import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Log } from '@switchyard/core/kernel';

const extension = '.records';

export interface SpillSettings {
  /** Made when something is first written. */
  readonly folder: string;
  /** At most this much is kept; beyond, the oldest records are given up. */
  readonly maxBytes: number;
  /** Names this process in the names of its files; no dot in it. */
  readonly owner: string;
}

interface Segment {
  readonly path: string;
  bytes: number;
  /** Undefined for a file that another process left. */
  records: number | undefined;
}

/**
 * Records on disk while the database is away: text files of one line per record, `<CRC-32 in hex> <JSON>`, appended to
 * and never changed. A file is deleted when all of it is in the database. A line that was torn by a kill or a full
 * disk fails its checksum and is left out.
 */
export class RecordSpill {
  readonly #settings: SpillSettings;
  readonly #log: Log;
  readonly #segments: Segment[] = [];
  /** Lines of the oldest segment that are not in the database yet. */
  #lines: string[] | undefined;
  #made = 0;
  #isTorn = false;

  constructor(settings: SpillSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
  }

  get bytes(): number {
    return this.#segments.reduce((bytes, segment) => bytes + segment.bytes, 0);
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /**
   * Takes over the files of processes that are gone, oldest first; `isGone` tells by the owner's name. A file is renamed
   * first, so that two processes never take the same one.
   */
  async adopt(isGone: (owner: string) => boolean): Promise<void> {
    const names = await readdir(this.#settings.folder).catch(() => [] as string[]);
    const found: { readonly path: string; readonly bytes: number; readonly atMs: number }[] = [];
    for (const name of names.filter((each) => each.endsWith(extension)).sort()) {
      const owner = name.split('.')[0] ?? '';
      if (owner === this.#settings.owner || !isGone(owner)) continue;
      const path = this.#nextPath();
      try {
        await rename(join(this.#settings.folder, name), path);
        const { size, mtimeMs } = await stat(path);
        found.push({ path, bytes: size, atMs: mtimeMs });
      } catch {
        // Another process took it in the same moment.
      }
    }
    if (found.length === 0) return;
    found.sort((a, b) => a.atMs - b.atMs);
    this.#lines = undefined;
    this.#segments.unshift(...found.map(({ path, bytes }) => ({ path, bytes, records: undefined })));
    this.#log.info({ files: found.length }, 'call records that an earlier process could not write are written now');
  }

  /** Appends rows (JSON each, no line breaks). Throws when the disk does not take them; some may be there then. */
  async append(rows: readonly string[], isDurable = false): Promise<void> {
    if (rows.length === 0) return;
    const text = rows.map(toLine).join('');
    const bytes = Buffer.byteLength(text);
    await mkdir(this.#settings.folder, { recursive: true });
    let segment = this.#segments.at(-1);
    const isFull = segment && segment.bytes + bytes > this.#settings.maxBytes / 8;
    if (!segment || isFull || (this.#segments.length === 1 && this.#lines)) {
      segment = { path: this.#nextPath(), bytes: 0, records: 0 };
      this.#segments.push(segment);
    }
    const file = await open(segment.path, 'a');
    try {
      // A line that was torn by a full disk ends here, so that it takes no other with it.
      await file.appendFile(this.#isTorn ? `\n${text}` : text);
      this.#isTorn = false;
      if (isDurable) await file.sync();
    } catch (error) {
      this.#isTorn = true;
      throw error;
    } finally {
      await file.close();
    }
    segment.bytes += bytes;
    if (segment.records !== undefined) segment.records += rows.length;
    await this.#giveUpOldest();
  }

  /** Up to `most` rows, oldest first; `removeFirst` takes them away once they are in the database. */
  async peek(most: number): Promise<readonly string[]> {
    for (let segment = this.#segments[0]; segment; segment = this.#segments[0]) {
      this.#lines ??= await this.#read(segment);
      if (this.#lines.length > 0) return this.#lines.slice(0, most);
      await this.#drop();
    }
    return [];
  }

  async removeFirst(count: number): Promise<void> {
    this.#lines = this.#lines?.slice(count);
    if (this.#lines?.length === 0) await this.#drop();
  }

  async #drop(): Promise<void> {
    this.#lines = undefined;
    const segment = this.#segments.shift();
    if (segment) await unlink(segment.path).catch(() => {});
  }

  async #read(segment: Segment): Promise<string[]> {
    const text = await readFile(segment.path, 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '');
    const rows = lines.flatMap((line) => {
      const row = line.slice(9);
      return line.slice(0, 9) === `${checksum(row)} ` ? [row] : [];
    });
    const torn = lines.length - rows.length;
    if (torn > 0)
      this.#log.warn({ lines: torn }, 'call records on disk were cut off or damaged; these lines are left out');
    return rows;
  }

  async #giveUpOldest(): Promise<void> {
    const total = () => this.#segments.reduce((bytes, segment) => bytes + segment.bytes, 0);
    while (this.#segments.length > 1 && total() > this.#settings.maxBytes) {
      const oldest = this.#segments[0]!;
      const dropped = this.#lines?.length ?? oldest.records ?? (await this.#read(oldest)).length;
      await this.#drop();
      this.#log.error(
        { dropped, maxBytes: this.#settings.maxBytes },
        'the oldest call records were given up: the database is away for too long for the space on disk (SWITCHYARD_SPILL_MAX_MB)',
      );
    }
  }

  #nextPath(): string {
    this.#made += 1;
    return join(this.#settings.folder, `${this.#settings.owner}.${String(this.#made).padStart(6, '0')}${extension}`);
  }
}

function toLine(row: string): string {
  return `${checksum(row)} ${row}\n`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

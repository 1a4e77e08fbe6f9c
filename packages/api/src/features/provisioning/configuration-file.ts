import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Configuration, type ConfigurationProblem, emptyConfiguration } from '@switchyard/core/provisioning';
import type { ConfigurationFileSetting } from '../../settings.ts';

/** Turns the text of the file into what it means, and everything that is wrong with it. */
export type ConfigurationReader = (text: string) => {
  /** Undefined when a problem is an error. */
  readonly configuration: Configuration | undefined;
  readonly problems: readonly ConfigurationProblem[];
};

export type ConfigurationState = 'ABSENT' | 'LOADED' | 'LAST_GOOD_KEPT';

/** What is known of the file. */
export interface ConfigurationStatus {
  readonly path: string;
  /** Without folders, as it stands in messages. */
  readonly fileName: string;
  readonly state: ConfigurationState;
  /** Epoch milliseconds of the last time that the file was taken; undefined while there is none. */
  readonly loadedAtMs: number | undefined;
  /** Of the last reading. */
  readonly problems: readonly ConfigurationProblem[];
  readonly configuration: Configuration;
}

/** What one reading led to. */
export interface ConfigurationReading {
  /** Whether the file is in force now as it stands on the disk. */
  readonly isApplied: boolean;
  /** Whether it says something else than before. */
  readonly isChanged: boolean;
  readonly problems: readonly ConfigurationProblem[];
}

/** `switchyard.yaml` as it is in force: a file that cannot be used leaves the last good one in its place. */
export class ConfigurationFile {
  readonly #setting: ConfigurationFileSetting;
  readonly #read: ConfigurationReader;
  #text: string | undefined;
  #status: ConfigurationStatus;

  constructor(setting: ConfigurationFileSetting, read: ConfigurationReader) {
    this.#setting = setting;
    this.#read = read;
    this.#status = {
      path: setting.path,
      fileName: basename(setting.path),
      state: 'ABSENT',
      loadedAtMs: undefined,
      problems: [],
      configuration: emptyConfiguration,
    };
  }

  get status(): ConfigurationStatus {
    return this.#status;
  }

  /** Reads the file and takes it when nothing in it is wrong. Never throws. `nowMs` is epoch milliseconds. */
  async load(nowMs: number): Promise<ConfigurationReading> {
    const found = await readText(this.#setting.path);
    if ('problem' in found) return this.#refuse([found.problem]);
    const { text } = found;
    if (text === undefined) {
      const wasThere = this.#status.loadedAtMs !== undefined;
      if (!wasThere && !this.#setting.isRequired) {
        this.#status = { ...this.#status, state: 'ABSENT', problems: [] };
        return { isApplied: true, isChanged: false, problems: [] };
      }
      return this.#refuse([missingFile]);
    }
    if (text.trim() === '' && this.#text !== undefined && this.#text.trim() !== '') return this.#refuse([emptiedFile]);
    const { configuration, problems } = this.#read(text);
    if (!configuration) return this.#refuse(problems);
    const isChanged = text !== this.#text;
    this.#text = text;
    this.#status = { ...this.#status, state: 'LOADED', loadedAtMs: nowMs, problems, configuration };
    return { isApplied: true, isChanged, problems };
  }

  #refuse(problems: readonly ConfigurationProblem[]): ConfigurationReading {
    this.#status = { ...this.#status, state: 'LAST_GOOD_KEPT', problems };
    return { isApplied: false, isChanged: false, problems };
  }
}

/** `switchyard.yaml:3:5 The message. The suggestion.` */
export function describeProblem(fileName: string, problem: ConfigurationProblem): string {
  const { position, path, message, suggestion } = problem;
  const where = path === '' ? '' : `${path}: `;
  return `${fileName}:${position.line}:${position.column} ${where}${message}${suggestion === undefined ? '' : ` ${suggestion}`}`;
}

const fileProblem = (message: string, suggestion: string): ConfigurationProblem => ({
  severity: 'error',
  code: 'FILE_UNREADABLE',
  message,
  path: '',
  position: { line: 1, column: 1 },
  suggestion,
});

const missingFile = fileProblem(
  'There is no such file.',
  'Put it back, or correct SWITCHYARD_CONFIG; to do without it, restart without it.',
);

/** Who writes a file empties it first; read just then, all its providers would be gone for a moment. */
const emptiedFile = fileProblem(
  'The file is empty, and was not before.',
  'Put back what it held; to do without it, write only `version: 1`.',
);

async function readText(
  path: string,
): Promise<{ readonly text: string | undefined } | { readonly problem: ConfigurationProblem }> {
  try {
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { text: undefined };
    const remedy = 'Let the server read it: check its owner and mode.';
    return { problem: fileProblem(`The file cannot be read (${code ?? 'unknown error'}).`, remedy) };
  }
}

import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Surroundings } from './command.ts';

/** The file that a command is about. */
export interface ConfigurationFile {
  /** As people know it: as they named it, or relative to the working directory. */
  readonly shownPath: string;
  readonly path: string;
  /** Named by an argument or by SWITCHYARD_CONFIG, so that its absence is a mistake. */
  readonly isNamed: boolean;
}

/** The file of the argument, else of SWITCHYARD_CONFIG, else `switchyard.yaml` in the working directory. */
export function findConfigurationFile(
  argument: string | undefined,
  { environment, workingDirectory }: Surroundings,
): ConfigurationFile {
  const named = argument ?? (environment.SWITCHYARD_CONFIG?.trim() || undefined);
  const path = resolve(workingDirectory, named ?? 'switchyard.yaml');
  const inside = relative(workingDirectory, path);
  return { path, shownPath: named ?? inside, isNamed: named !== undefined };
}

export type FileText = { readonly text: string } | { readonly problem: string; readonly isMissing: boolean };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file',
  EACCES: 'Your user may not read it',
  EISDIR: 'It is a folder',
  ENOTDIR: 'A part of the path is a file',
};

/** The text of the file, or a sentence that says why there is none. */
export function readText({ path, shownPath }: ConfigurationFile): FileText {
  try {
    const bytes = readFileSync(path);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { problem: `${shownPath} is not UTF-8 text.`, isMissing: false };
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return { problem: `${reasons[code] ?? (error as Error).message}: ${shownPath}`, isMissing: code === 'ENOENT' };
  }
}

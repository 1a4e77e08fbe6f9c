import type { Surroundings } from './command.ts';

/** Surroundings for tests: what was written is read back from `lines` and `errors`. */
export function recordSurroundings(
  environment: Surroundings['environment'],
  workingDirectory: string,
  isTerminal = false,
): Surroundings & { readonly text: () => string; readonly errorText: () => string } {
  const lines: string[] = [];
  const errors: string[] = [];
  return {
    environment,
    workingDirectory,
    output: { isTerminal, write: (line) => lines.push(line) },
    errorOutput: { isTerminal, write: (line) => errors.push(line) },
    text: () => lines.join('\n'),
    errorText: () => errors.join('\n'),
  };
}

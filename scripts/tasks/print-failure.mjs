import { StageError } from './report-stage.mjs';

/** Prints a failed stage: its whole output, then one sentence what to do. Returns the exit code. @param {unknown} error */
export function printFailure(error) {
  if (!(error instanceof StageError)) throw error;
  if (error.output.trim() !== '') process.stderr.write(`\n${error.output.trimEnd()}\n`);
  process.stderr.write(`\n  ${error.message} ${error.remedy}\n\n`);
  return 1;
}

/**
 * @typedef {import('./check-steps.mjs').StepResult & { name: string, fix: string, seconds: number }} FinishedStep
 */

/** Runs a step and takes the time. @param {import('./check-steps.mjs').CheckStep} step @returns {Promise<FinishedStep>} */
export async function finishStep(step) {
  const startedMs = performance.now();
  const failure = (/** @type {unknown} */ error) => ({
    passed: 0,
    failed: 1,
    output: String(/** @type {Error} */ (error)?.stack ?? error),
  });
  const result = await step.run().catch(failure);
  return { ...result, name: step.name, fix: step.fix, seconds: (performance.now() - startedMs) / 1000 };
}

/** One line: what ran, how it ended, how long it took. @param {FinishedStep} step */
export function describeStep({ name, passed, failed, seconds, fix }) {
  const counts = failed > 0 ? `${passed} passed, ${failed} failed` : `${passed} passed`;
  const hint = failed > 0 ? `   → ${fix}` : '';
  return `  ${failed > 0 ? '✘' : '✔'} ${name.padEnd(22)} ${counts.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s${hint}`;
}

/** Everything that failed steps wrote. @param {readonly FinishedStep[]} steps */
export const failureOutput = (steps) =>
  steps
    .filter(({ failed }) => failed > 0)
    .map(({ name, output }) => `\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}\n${output.trimEnd()}\n`)
    .join('');

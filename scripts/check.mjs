// `pnpm check`: everything that is quick. Prints a table and, for what failed, the output and the command that mends it.
import { staticSteps, unitStep } from './tasks/check-steps.mjs';
import { printFailure } from './tasks/print-failure.mjs';
import { generate, install } from './tasks/stages.mjs';
import { describeStep, failureOutput, finishStep } from './tasks/step-table.mjs';

const startedMs = performance.now();
try {
  await install();
  await generate();
} catch (error) {
  process.exit(printFailure(error));
}

const show = async (/** @type {import('./tasks/check-steps.mjs').CheckStep} */ step) => {
  const finished = await finishStep(step);
  console.log(describeStep(finished));
  return finished;
};
// The short steps share the processors; the tests then have them to themselves.
const steps = await Promise.all(staticSteps.map(show));
steps.push(await show(unitStep));

process.stderr.write(failureOutput(steps));
const failed = steps.filter((step) => step.failed > 0).length;
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(
  failed === 0 ? `  All is well (${seconds} s).` : `  ${failed} of ${steps.length} checks failed (${seconds} s).`,
);
process.exitCode = failed === 0 ? 0 : 1;

// `npm test`: everything, on a fresh clone too. The last line is `N passed, N failed`.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `The tests need Node.js 20 or newer, this is ${process.versions.node}: get one from https://nodejs.org.`,
  );
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const { staticSteps } = await import('./tasks/check-steps.mjs');
const { printFailure } = await import('./tasks/print-failure.mjs');
const { generate, install } = await import('./tasks/stages.mjs');
const { describeStep, failureOutput, finishStep } = await import('./tasks/step-table.mjs');
const { slowLanes } = await import('./tasks/test-steps.mjs');

try {
  await install();
  await generate();
} catch (error) {
  printFailure(error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    isInterrupted = true;
  });
}

/** @type {import('./tasks/step-table.mjs').FinishedStep[]} */
const finished = [];
const run = async (/** @type {import('./tasks/check-steps.mjs').CheckStep} */ step) => {
  const result = await finishStep(step);
  finished.push(result);
  console.log(describeStep(result));
};
await Promise.all(staticSteps.map(run));
await Promise.all(
  slowLanes.map(async (steps) => {
    for (const step of steps) {
      if (isInterrupted) break;
      console.log(`  › ${step.name} …`);
      await run(step);
    }
  }),
);

process.stderr.write(failureOutput(finished));
const sum = (/** @type {'passed' | 'failed'} */ field) => finished.reduce((total, step) => total + step[field], 0);
process.exitCode = sum('failed') === 0 ? 0 : 1;
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);

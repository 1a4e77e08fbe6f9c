// `npm start`: from a fresh clone to a running Switchyard. Plain JavaScript without packages, because nothing is
// installed yet, and for Node 20, because that is what the machine may have.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `Switchyard needs Node.js 20 or newer, this is ${process.versions.node}: get one from https://nodejs.org.`,
  );
  process.exit(1);
}

const { buildDashboard, generate, install } = await import('./tasks/stages.mjs');
const { printFailure } = await import('./tasks/print-failure.mjs');
const { launch } = await import('./tasks/launch.mjs');

try {
  await install();
  await generate();
  await buildDashboard();
} catch (error) {
  process.exit(printFailure(error));
}
process.exitCode = await launch(process.argv.slice(2));

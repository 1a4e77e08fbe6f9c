// Makes what is generated and not committed: the database client and the dashboard's typed operations.
import { printFailure } from './tasks/print-failure.mjs';
import { generate } from './tasks/stages.mjs';

try {
  await generate();
  console.log('  Generated code is up to date.');
} catch (error) {
  process.exitCode = printFailure(error);
}

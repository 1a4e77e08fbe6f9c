import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCache } from './launch.mjs';
import { inRepository, packageProgram, pinnedNode } from './repository.mjs';
import { runCommand } from './run-command.mjs';

/**
 * @typedef {object} StepResult
 * @property {number} passed how many tests passed; a step without tests counts as one
 * @property {number} failed
 * @property {string} output what to show when something failed
 *
 * @typedef {object} CheckStep
 * @property {string} name
 * @property {string} fix what to run, or to look at, when it fails
 * @property {() => Promise<StepResult>} run
 */

const biome = () => packageProgram('node_modules', '@biomejs', 'biome', 'bin', 'biome');

/** A step that is one program with one verdict. @param {string} program @param {readonly string[]} args @returns {Promise<StepResult>} */
async function runOnce(program, args) {
  const { exitCode, output } = await runCommand(program, args);
  return exitCode === 0 ? { passed: 1, failed: 0, output: '' } : { passed: 0, failed: 1, output };
}

/** Folders that have a TypeScript project. */
const typeScriptProjects = () =>
  [
    ...['packages', 'apps'].flatMap((folder) => readdirSync(inRepository(folder)).map((name) => `${folder}/${name}`)),
    'e2e',
    'bench',
    'scripts',
  ].filter((folder) => existsSync(inRepository(folder, 'tsconfig.json')));

/** Type-checks every project, two at a time. @returns {Promise<StepResult>} */
async function checkTypes() {
  const waiting = typeScriptProjects();
  const outputs = /** @type {string[]} */ ([]);
  const work = async () => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      const cache = inRepository('node_modules/.cache/typescript', `${project.replaceAll('/', '-')}.tsbuildinfo`);
      const tsc = inRepository('node_modules/typescript/bin/tsc');
      const args = [tsc, '--noEmit', '--incremental', '--tsBuildInfoFile', cache, '--project', project];
      const { exitCode, output } = await runCommand(pinnedNode(), args);
      if (exitCode !== 0) outputs.push(output || `${project}: tsc ended with exit code ${exitCode}.\n`);
    }
  };
  await Promise.all([work(), work()]);
  return outputs.length === 0
    ? { passed: 1, failed: 0, output: '' }
    : { passed: 0, failed: 1, output: outputs.join('') };
}

/** Vitest's output from the first failure on. @param {string} output */
function withoutPasses(output) {
  const start = output.search(/^.*(Failed (Tests|Suites)|Unhandled Errors?|ERROR:)/m);
  return start === -1 ? output : output.slice(start);
}

/**
 * For runs beside other work, where a busy machine is late: a test that failed is tried once more, and told. Not the
 * property tests: what they found must not be lost.
 */
export const withSecondTry = ['--retry.count=1', '--retry.condition=^(?!Property failed)'];

/**
 * @typedef {{ readonly status: string, readonly fullName: string, readonly failureMessages: readonly string[] }} TestResult
 * @param {readonly { readonly assertionResults: readonly TestResult[] }[]} files
 * @returns {readonly string[]} a line for each test that passed only when it was tried again, with its first failure
 */
export function describeSecondTries(files) {
  return files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
    .map(({ fullName, failureMessages }) => {
      const [why] = (failureMessages[0] ?? '').split('\n');
      return `  ! passed only when tried again: ${fullName} (${why})`;
    });
}

/**
 * Runs Vitest and counts its tests.
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<StepResult>}
 */
export async function runVitest(args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-vitest-'));
  const report = join(folder, 'report.json');
  const program = [inRepository('node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json'];
  const { exitCode, output } = await runCommand(pinnedNode(), [...program, `--outputFile.json=${report}`, ...args], {
    // Servers that tests start in processes of their own share what was compiled.
    env: { NO_COLOR: '1', NODE_COMPILE_CACHE: compileCache, ...env },
  });
  try {
    const {
      numPassedTests: passed,
      numFailedTests: failedTests,
      testResults,
    } = JSON.parse(readFileSync(report, 'utf8'));
    for (const line of describeSecondTries(testResults)) console.log(line);
    // A file that does not even load, or an error outside a test, has no failed test but must fail.
    const failed = exitCode !== 0 && failedTests === 0 ? 1 : failedTests;
    return { passed, failed, output: failed > 0 ? withoutPasses(output) : '' };
  } catch {
    return { passed: 0, failed: 1, output };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @type {readonly CheckStep[]} */
export const staticSteps = [
  { name: 'format', fix: 'pnpm format', run: () => runOnce(pinnedNode(), [biome() ?? '', 'format', '.']) },
  {
    name: 'lint',
    fix: 'node_modules/.bin/biome lint --write .',
    run: () => runOnce(pinnedNode(), [biome() ?? '', 'lint', '--error-on-warnings', '.']),
  },
  {
    name: 'arrows',
    fix: 'pnpm arrows, and read architecture.json',
    run: () => runOnce(pinnedNode(), ['scripts/check-arrows.ts']),
  },
  { name: 'types', fix: 'pnpm typecheck', run: checkTypes },
];

/** @type {CheckStep} */
export const unitStep = {
  name: 'unit',
  fix: 'pnpm unit',
  // What starts servers and databases is for `npm test`.
  run: () => runVitest(['--exclude', '**/*.{integration,contract}.test.ts']),
};

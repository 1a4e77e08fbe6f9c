import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumMissing, ensureChromium } from '../find-chromium.mjs';
import { runVitest, withSecondTry } from './check-steps.mjs';
import { findPostgres } from './find-postgres.mjs';
import { inRepository, pinnedNode } from './repository.mjs';
import { runCommand } from './run-command.mjs';
import { buildDashboard } from './stages.mjs';
import { startPostgres } from './start-postgres.mjs';

/** @typedef {import('./check-steps.mjs').CheckStep} CheckStep @typedef {import('./check-steps.mjs').StepResult} StepResult */

/** All unit, contract and integration tests on the embedded database. @type {CheckStep} */
const vitestStep = {
  name: 'unit, integration',
  fix: 'pnpm unit',
  run: () => runVitest(withSecondTry),
};

/** What does the same on any database. All else, and every new file, runs on both kinds. */
const notAboutData = [
  // The wire: what clients send and get.
  'http/**',
  'graphql/limits/**',
  '**/completions/**',
  // What vendors do wrong: seen by the dispatch, before anything is stored.
  '**/lane-failures.*',
  '**/simulated-failures.*',
  // How much one socket may hold in memory.
  '**/slow-subscriber.*',
  '**/run-slow-subscriber.*',
  // What a client is shown of what other tests store.
  '**/run-gallery.*',
  '**/run-graph.*',
  '**/comparison-streaming.*',
];

/** The tests of packages/api that need a database once more, on a Postgres server. @type {CheckStep} */
const postgresStep = {
  name: 'on a Postgres server',
  fix: 'SWITCHYARD_TEST_DATABASE_URL=postgresql://… pnpm unit --project api integration',
  run: async () => {
    const programs = await findPostgres();
    if (programs === undefined) {
      console.log('  – no Postgres server is installed here, nor can one be: its tests are left out.');
      return { passed: 0, failed: 0, output: '' };
    }
    const server = await startPostgres(programs);
    try {
      const excluded = notAboutData.flatMap((pattern) => ['--exclude', `**/src/${pattern}`]);
      const args = ['--project', 'api', 'integration', 'contract', ...excluded, ...withSecondTry];
      return await runVitest(args, { SWITCHYARD_TEST_DATABASE_URL: server.url });
    } finally {
      await server.stop();
    }
  },
};

/** @type {CheckStep} */
const dashboardStep = {
  name: 'dashboard build',
  fix: 'pnpm --filter dashboard build',
  run: async () => {
    try {
      await buildDashboard();
      return { passed: 1, failed: 0, output: '' };
    } catch (error) {
      const { message, output = '' } = /** @type {Error & { output?: string }} */ (error);
      return { passed: 0, failed: 1, output: `${output}\n${message}` };
    }
  },
};

/** The whole product in a real browser. @type {CheckStep} */
const browserStep = {
  name: 'end to end',
  fix: 'pnpm e2e',
  run: async () => {
    const chromium = await ensureChromium();
    if (chromium === undefined) return { passed: 0, failed: 1, output: chromiumMissing };
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-playwright-'));
    const report = join(folder, 'report.json');
    const program = inRepository('node_modules/@playwright/test/cli.js');
    const args = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
    const { exitCode, output } = await runCommand(pinnedNode(), [program, ...args], {
      env: {
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        SWITCHYARD_CHROMIUM: chromium,
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
      },
    });
    try {
      const { stats } = JSON.parse(readFileSync(report, 'utf8'));
      const failed = exitCode !== 0 && stats.unexpected === 0 ? 1 : stats.unexpected;
      return { passed: stats.expected + stats.flaky, failed, output };
    } catch {
      return { passed: 0, failed: 1, output };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/**
 * What `npm test` runs beyond `pnpm check`'s quick steps: lanes side by side, the steps of a lane in order.
 * Servers, browser and tests wait for each other much of the time: two lanes keep two processors busy.
 */
export const slowLanes = [
  [dashboardStep, browserStep],
  [vitestStep, postgresStep],
];

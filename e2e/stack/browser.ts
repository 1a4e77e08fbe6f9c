import { existsSync } from 'node:fs';
import type { PlaywrightTestConfig } from '@playwright/test';
import { chromiumMissing, findChromium } from '../../scripts/find-chromium.mjs';
import { inRepository } from '../../scripts/tasks/repository.mjs';

/** What every Playwright configuration of this folder shares: the browser that is on this machine, and the built dashboard. */
export async function sharedConfig(): Promise<PlaywrightTestConfig> {
  if (!existsSync(inRepository('apps/dashboard/out/index.html'))) {
    throw new Error('The dashboard is not built: run `npm start` once, or `npm test`.');
  }
  const executablePath = process.env.SWITCHYARD_CHROMIUM || (await findChromium());
  if (!executablePath) throw new Error(chromiumMissing);
  // Workers load this file too: they need not search again.
  process.env.SWITCHYARD_CHROMIUM = executablePath;
  const isRoot = process.getuid?.() === 0;
  return {
    fullyParallel: false,
    // Specs wait more than they compute, each file with a server of its own.
    workers: 2,
    forbidOnly: process.env.CI !== undefined,
    // A second try costs seconds; a busy machine must not fail the whole run. What needed one is listed as flaky.
    retries: 1,
    timeout: 150_000,
    expect: { timeout: 20_000 },
    outputDir: inRepository('test-results'),
    globalSetup: inRepository('e2e/stack/data-dir-template.ts'),
    use: {
      browserName: 'chromium',
      trace: 'on-first-retry',
      locale: 'en-US',
      timezoneId: 'UTC',
      launchOptions: {
        executablePath,
        args: [
          ...(isRoot ? ['--no-sandbox'] : []),
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--disable-gpu',
        ],
      },
    },
  };
}

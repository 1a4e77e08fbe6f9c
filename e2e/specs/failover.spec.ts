import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

let folder: string;
let chained: Stack;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-e2e-failover-'));
  const file = join(folder, 'switchyard.yaml');
  writeFileSync(
    file,
    'version: 1\naliases:\n  quick: google/gemini-2.5-flash\nchains:\n  resilient: [openai/gpt-5-mini, anthropic/claude-haiku-4-5]\n',
  );
  chained = await startStack({ env: { SWITCHYARD_CONFIG: file } });
});
test.afterAll(async () => {
  await chained.stop();
  rmSync(folder, { recursive: true });
});
test.beforeEach(async ({ page }) => {
  await chained.resetSimulator();
  await chained.setSimulator({ speed: 10 });
  await signIn(page, chained.url);
});

/** Opens the sliders on the compare page and sets how many calls fail. */
async function breakProvider(page: Page, name: string, failingPercent: number): Promise<void> {
  await page.getByRole('button', { name: 'Break a provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Break a provider' });
  await dialog.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name, exact: true }).click();
  const slider = dialog.getByRole('slider', { name: 'Share of calls that fail, in percent' });
  await slider.focus();
  for (let percent = 0; percent < failingPercent; percent += 5) await page.keyboard.press('ArrowRight');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toBeHidden();
}

// First, while every circuit is closed.
test('the providers page shows chains with who would answer now', async ({ page }) => {
  await page.goto(`${chained.url}/providers`);
  const names = page.getByRole('region', { name: 'Aliases and chains' });
  await expect(names.getByRole('listitem').filter({ hasText: 'would answer now' })).toContainText('openai/gpt-5-mini');
  await expect(names.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Configuration file' })).toContainText('In force');
});

test('a provider broken with the slider is tried again, left for the next of the chain, and repaired', async ({
  page,
}) => {
  await page.goto(`${chained.url}/compare?models=resilient,quick`);
  await expect(page.getByRole('region', { name: 'Ready to run' }).getByRole('article')).toHaveCount(2);
  await breakProvider(page, 'OpenAI', 100);
  const banner = page.getByRole('complementary', { name: 'Broken on purpose' });
  await expect(banner).toContainText('OpenAI: 100 % of calls answer 503');

  await page.getByRole('button', { name: /^Run 2/ }).click();
  const lanes = page.getByRole('article');
  await expect(lanes.getByText('Complete', { exact: true })).toHaveCount(2, { timeout: 30_000 });
  const lane = page.getByRole('article', { name: 'resilient' });
  await expect(lane).toContainText('asked for resilient, answered by anthropic/claude-haiku-4-5');
  const strip = lane.getByRole('button', { name: /timeline of resilient/ });
  await expect(strip).toContainText(/failed tr(y|ies), then .* answered/);
  await expect(
    page.getByRole('article', { name: /Gemini|quick/ }).getByRole('button', { name: /timeline of/ }),
  ).toHaveCount(0);

  await strip.click();
  const timeline = page.getByRole('dialog', { name: 'Timeline of resilient' });
  await expect(timeline).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await expect(timeline.getByRole('listitem').filter({ hasText: /^Try 1 failed/ })).toContainText(
    'The provider has to act',
  );
  await expect(timeline.getByRole('listitem').filter({ hasText: /^From .* to .*Haiku/ })).toContainText(
    'is left because',
  );
  await page.keyboard.press('Escape');

  // The same after a reload, when no event was seen.
  await page.reload();
  await expect(lane.getByRole('button', { name: /timeline of resilient/ })).toContainText('answered');

  await banner.getByRole('button', { name: 'Repair all' }).click();
  await expect(banner).toBeHidden();
});

test('a lane says how long it waits before the next try, and a blind vote tells no name', async ({ page }) => {
  await chained.addFault({ vendor: 'google', kind: 'error', status: 429, retryAfterSeconds: 30, times: 1 });
  await page.goto(`${chained.url}/compare?models=google/gemini-2.5-flash,anthropic/claude-haiku-4-5`);
  await page.getByRole('button', { name: /^Run 2/ }).click();
  const strip = page.getByRole('button', { name: /Waiting .* s before try 2 of Gemini/ });
  await expect(strip).toBeVisible();
  await page.getByRole('button', { name: 'Blind' }).click();
  await expect(page.getByText('A try failed; waiting before the next one')).toBeVisible();
  await expect(page.getByRole('article').getByText(/Gemini|Claude/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Blind' }).click();
  await page.getByRole('button', { name: 'Stop all' }).click();
  await expect(page.getByRole('button', { name: /Stopped after 1 try/ })).toBeVisible();
});

import type { Page } from '@playwright/test';
import { askGraph, chatWith } from '../stack/routing-calls.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

// The manual checklist of the third seed, steps 1 to 3 and 5, on lanes.

let stack: Stack;

test.beforeAll(async () => {
  stack = await startStack();
});
test.afterAll(() => stack.stop());
test.beforeEach(async ({ page }) => {
  await stack.resetSimulator();
  await stack.setSimulator({ speed: 10 });
  await signIn(page, stack.url);
});

async function openLimits(page: Page, name: string) {
  await page.getByRole('button', { name: new RegExp(`^Limits of ${name}`) }).click();
  const limits = page.getByRole('dialog', { name: `Limits of ${name}` });
  await expect(limits).toBeVisible();
  return limits;
}

async function runToTheEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run 2/ }).click();
  await expect(page.getByRole('article').getByText('Complete', { exact: true })).toHaveCount(2, { timeout: 40_000 });
}

test('limits of a model are kept, hold, and a breach is told and answered by the fallback', async ({ page }) => {
  await page.goto(`${stack.url}/compare?models=openai/gpt-5,anthropic/claude-haiku-4-5`);
  const ready = page.getByRole('region', { name: 'Ready to run' }).getByRole('article');
  await expect(ready).toHaveCount(2);

  // 1. Configure.
  const ofGpt = await openLimits(page, 'GPT-5');
  await ofGpt.getByLabel('Cost limit, USD').fill('0.10');
  await ofGpt.getByLabel('Token limit').fill('2000');
  await ofGpt.getByRole('combobox', { name: 'Then ask' }).fill('gemini-2.5-flash');
  await ofGpt.getByRole('option', { name: 'google/gemini-2.5-flash', exact: true }).click();
  await expect(ofGpt.getByRole('link', { name: 'Provider’s prices' })).toHaveAttribute('href', /^https:/);
  // The first closes the list of models, the second the limits.
  await page.keyboard.press('Escape');
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  const ofClaude = await openLimits(page, 'Claude Haiku 4.5');
  await ofClaude.getByLabel('Latency target, ms').fill('60000');
  await page.keyboard.press('Escape');
  await expect(
    page.getByRole('button', { name: /^Limits of GPT-5: ≤ \$0\.10 · ≤ 2,000 tokens · then Gemini/ }),
  ).toBeVisible();

  // 2. Execute within limits; they are there after a reload.
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Name three kinds of railway switch.');
  await runToTheEnd(page);
  await expect(page.getByRole('article').getByText(/was not asked/)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Limits of GPT-5: ≤ \$0\.1 · ≤ 2,000 tokens/ })).toBeVisible();

  // 3. Trigger a breach: a longer prompt under a lower limit.
  await page
    .getByRole('textbox', { name: 'Prompt', exact: true })
    .fill('A long story of switches and signals. '.repeat(1_500));
  const again = await openLimits(page, 'GPT-5');
  await again.getByLabel('Cost limit, USD').fill('0.01');
  await page.keyboard.press('Escape');
  await runToTheEnd(page);
  const lane = page.getByRole('article', { name: 'GPT-5' });
  await expect(lane.getByRole('status').filter({ hasText: 'was not asked' })).toContainText(
    'GPT-5 was not asked: cost limit of openai/gpt-5. Gemini 2.5 Flash answered instead.',
  );
  await expect(lane).toContainText('answered by google/gemini-2.5-flash');
  expect(await violationsOf(page)).toEqual([]);
  // The breach stays with the result.
  await page.reload();
  await expect(lane.getByRole('status').filter({ hasText: 'was not asked' })).toBeVisible();
});

test('a missed latency target is told beside the answer', async ({ page }) => {
  await stack.setSimulator({ speed: 1 });
  await page.goto(`${stack.url}/compare?models=openai/gpt-5-mini,anthropic/claude-haiku-4-5`);
  const limits = await openLimits(page, 'GPT-5 mini');
  await limits.getByLabel('Latency target, ms').fill('5');
  await page.keyboard.press('Escape');
  await runToTheEnd(page);
  await expect(page.getByRole('article', { name: 'GPT-5 mini' }).getByRole('status')).toContainText(
    /GPT-5 mini took .*; the target is 5 ms\./,
  );
});

test('the overview shows the spending of today and what is left of the budget', async ({ page }) => {
  // 5. The admin's widget: what it says is what the books say.
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  await chatWith(stack.url, 'openai/gpt-5-mini');
  const read = async () => {
    const { spend } = await askGraph(
      stack.url,
      'query($from: DateTime!) { spend(from: $from, per: TOTAL, origin: SIMULATED) { totals { calls costUsd } } }',
      { from: midnight.toISOString() },
    );
    return spend;
  };
  // Records are written a moment after the call.
  await expect.poll(async () => Number((await read()).totals.costUsd)).toBeGreaterThan(0);
  // Records of the tests before may still be on their way: both are asked again until they agree.
  await expect(async () => {
    const spend = await read();
    await page.goto(`${stack.url}/home`);
    const widget = page.getByRole('region', { name: 'Spent today' });
    await expect(widget).toContainText(new RegExp(`${spend.totals.calls} calls?`), { timeout: 5_000 });
    const shown = (
      await widget
        .getByText(/^\$[\d.]+$/)
        .first()
        .textContent()
    )?.slice(1);
    // A hundredth of a cent is shown.
    expect(Number(shown)).toBeCloseTo(Number(spend.totals.costUsd), 4);
  }).toPass({ timeout: 30_000 });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';

test('kill -9 in the middle of a comparison: after the restart lanes are interrupted, keep their text and can be retried', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-e2e-crash-'));
  let stack: Stack = await startStack({ dataDir });
  try {
    await stack.setSimulator({ overrides: [{ ttftMs: 200, tokensPerSecond: 4 }] });
    await signIn(page, stack.url);
    await page.goto(`${stack.url}/compare`);
    await page
      .getByRole('textbox', { name: 'Prompt', exact: true })
      .fill('Write a short story about a lighthouse keeper.');
    await page.getByRole('button', { name: /^Run/ }).click();
    const lanes = page.getByRole('article');
    await expect(lanes.getByText('Streaming')).toHaveCount(3);
    const answers = page.getByRole('region', { name: /^Answer of/ });
    for (const answer of await answers.all()) await expect(answer).toContainText(/\S+ \S+ \S+/);
    const before = await answers.allInnerTexts();

    await stack.killHard();
    stack = await startStack({ dataDir, port: stack.port });
    await stack.setSimulator({ speed: 20 });
    await page.reload();

    await expect(lanes.getByText('Interrupted').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Retry this lane' })).toHaveCount(3);
    const beginnings = (texts: readonly string[]) => texts.map((text) => text.trim().slice(0, 10));
    // The parts that draw Markdown may come after the text.
    await expect.poll(async () => beginnings(await answers.allInnerTexts())).toEqual(beginnings(before));

    await page.getByRole('button', { name: 'Retry this lane' }).first().click();
    await expect(lanes.first().getByText('Complete')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Retry this lane' })).toHaveCount(2);
  } finally {
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

import { runPairedTest } from '../stack/finished-test.ts';
import { expect, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

test('ten ballots are voted by keyboard, one is skipped, one taken back, and the ranking shows', async ({
  signedInPage: page,
  stack,
}) => {
  await stack.setSimulator({ speed: 'Infinity' });
  const { experimentId } = await runPairedTest(stack.url, 12);
  await page.goto(`/experiments/vote?id=${encodeURIComponent(experimentId)}`);
  const asked = page.getByRole('region', { name: 'What was asked' }).locator('p').first();
  await expect(asked).toBeVisible();
  const ranking = page.getByRole('region', { name: 'Ranking so far' });
  const skipped = (await asked.textContent()) ?? '';
  await page.keyboard.press('s');
  await expect(asked).not.toHaveText(skipped);

  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText(/You chose the first one\. First was (large|small)/).last()).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByText('Your vote is taken back.').last()).toBeVisible();

  const keys = [
    'ArrowLeft',
    'ArrowRight',
    't',
    'b',
    'ArrowLeft',
    'ArrowRight',
    'ArrowLeft',
    'ArrowRight',
    't',
    'ArrowLeft',
  ];
  for (const [index, key] of keys.entries()) {
    const before = (await asked.textContent()) ?? '';
    await page.keyboard.press(key);
    await expect(page.getByText(`${index + 1} of 12`)).toBeVisible();
    // Any key goes on without waiting.
    await page.keyboard.press('s');
    await expect(asked).not.toHaveText(before);
  }
  await expect(ranking.getByRole('listitem')).toHaveCount(2);
  await expect(ranking).toContainText('place 1');
  await expect(ranking).toContainText('From 10 votes');
  await expect(ranking).toContainText('All votes are of one person');
  expect(await violationsOf(page)).toEqual([]);

  await page.keyboard.press('t');
  await expect(page.getByText('11 of 12')).toBeVisible();
  await page.keyboard.press('s');
  await expect(asked).toHaveText(skipped);
  await page.getByRole('button', { name: /As good/ }).click();
  await expect(page.getByRole('heading', { name: 'Nothing left to vote' })).toBeVisible();
});

import { expect, test } from '../stack/test.ts';

test('one vendor that breaks harms its own lane only, in its own words, and the lane can be retried', async ({
  signedInPage: page,
  stack,
}) => {
  await page.goto('/compare');
  await expect(page.getByRole('region', { name: 'Ready to run' }).getByRole('article')).toHaveCount(3);
  await stack.addFault({ vendor: 'anthropic', kind: 'cut', afterTokens: 15 });
  await page.getByRole('button', { name: /^Run/ }).click();

  const lanes = page.getByRole('article');
  // It is tried again until the tries are used up.
  await expect(lanes.getByText('Failed', { exact: true })).toHaveCount(1, { timeout: 30_000 });
  await expect(lanes.getByText('Complete', { exact: true })).toHaveCount(2, { timeout: 30_000 });
  await expect(page.getByText('it is not a whole answer')).toBeVisible();

  await stack.resetSimulator();
  await stack.setSimulator({ speed: 10 });
  await page.getByRole('button', { name: 'Retry this lane' }).click();
  await expect(lanes.getByText('Complete', { exact: true })).toHaveCount(3, { timeout: 30_000 });
});

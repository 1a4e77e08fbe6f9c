import { readFileSync } from 'node:fs';
import { runComparison } from '../stack/finished-comparison.ts';
import { chatWith } from '../stack/routing-calls.ts';
import { expect, test } from '../stack/test.ts';

test('every figure leads to its calls, choices stay in the address, and everything can be taken along as a file', async ({
  signedInPage: page,
  stack,
}) => {
  await runComparison(stack.url, 'Say hello in three languages.');
  await chatWith(stack.url, 'openai/gpt-5-mini', { 'x-switchyard-tags': 'nightly' });
  await page.goto('/reports?days=1&data=simulated');
  const groups = page.getByRole('region', { name: 'Groups' });
  await expect(groups.getByRole('row')).not.toHaveCount(0);
  await expect(page.getByText('Success', { exact: true }).first()).toBeVisible();

  // The chart answers to arrow keys, and is the same as a table.
  const chart = page.getByRole('slider', { name: 'Spend, step by step' });
  await chart.focus();
  const last = await chart.getAttribute('aria-valuetext');
  await page.keyboard.press('Home');
  if ((await chart.getAttribute('aria-valuemax')) !== '1')
    await expect(chart).not.toHaveAttribute('aria-valuetext', last ?? '');
  await page.getByRole('button', { name: 'Spend as a table' }).click();
  await expect(page.getByRole('region', { name: 'Spend, table' })).toBeVisible();

  // A group's name narrows the report, and its calls lead to where they came from.
  const first = groups.getByRole('rowheader').first();
  const model = ((await first.textContent()) ?? '').trim();
  await first.getByRole('button').click();
  await expect(page).toHaveURL(new RegExp(`model=${encodeURIComponent(model)}`));
  await expect(page.getByRole('button', { name: `Take away Model ${model}` })).toBeVisible();
  await page.getByRole('button', { name: `Calls of ${model}` }).click();
  const drawer = page.getByRole('dialog', { name: `Calls: ${model}` });
  await expect(drawer.getByRole('listitem').first()).toBeVisible();
  await expect(drawer.getByRole('link').first()).toHaveAttribute('href', /^\/(compare|runs)\?id=/);
  await drawer.getByRole('button').first().click();
  await page.getByRole('button', { name: `Take away Model ${model}` }).click();
  await expect(page).not.toHaveURL(/model=/);

  await page.getByRole('button', { name: 'Export' }).click();
  const file = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'As CSV' }).click();
  const path = await (await file).path();
  expect(readFileSync(path, 'utf8')).toMatch(/^model,calls,succeeded/);
});

test('few calls are not ranked, and the week so far can be read before its report is made', async ({
  signedInPage: page,
  stack,
}) => {
  await runComparison(stack.url, 'Say hello.');
  await page.goto('/reports/compare?days=1&data=simulated');
  await expect(
    page
      .getByRole('region', { name: 'Side by side' })
      .getByText(/Cannot tell/)
      .first(),
  ).toBeVisible();
  await expect(page.getByText(/do not show that one is faster/)).toBeVisible();
  await page.getByRole('navigation', { name: 'Reports' }).getByRole('link', { name: 'Weekly' }).click();
  await expect(page).toHaveURL(/data=simulated/);
  await expect(page.getByRole('region', { name: 'Figures of the week' })).toBeVisible();
  await expect(page.getByText('The first report is made an hour after this week is over.')).toBeVisible();
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Weekly reports' });
  await dialog.getByLabel('Time zone').fill('Nowhere/Land');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/IANA database/)).toBeVisible();
  await dialog.getByLabel('Time zone').fill('Europe/Berlin');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('By the days of Europe/Berlin.')).toBeVisible();
});

import { askAs, test } from '../stack/team.ts';
import { expect, signIn } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

test('a changed budget is found in the audit log with its difference, taken back, and the chain holds', async ({
  page,
  stack: open,
}) => {
  await signIn(page, open.url);
  const { data: made } = await askAs(
    page,
    open.url,
    `mutation($input: CreateBudgetInput!) { createBudget(input: $input) {
      ... on CreateBudgetSuccess { budget { id version limit } } ... on UserError { message } } }`,
    { input: { name: 'Team a day', unit: 'COST', window: 'DAY', timeZone: 'UTC', limit: '5' } },
  );
  const { id, version } = made.createBudget.budget;
  await askAs(
    page,
    open.url,
    `mutation($input: UpdateBudgetInput!) { updateBudget(input: $input) { __typename ... on UserError { message } } }`,
    { input: { budgetId: id, version, limit: '500' } },
  );
  const limit = async () =>
    (await askAs(page, open.url, 'query($id: ID!) { node(id: $id) { ... on Budget { limit } } }', { id })).data.node
      .limit;
  expect(Number(await limit())).toBe(500);

  await page.goto('/team?tab=audit');
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Kind of thing' }).click();
  await page.getByRole('option', { name: 'Budget', exact: true }).click();
  await expect(page).toHaveURL(/type=Budget/);
  const log = page.getByRole('list', { name: 'Audit log' });
  await expect(log.getByRole('listitem')).toHaveCount(2);
  await log
    .getByRole('button', { name: /changed/ })
    .first()
    .click();
  const drawer = page.getByRole('dialog', { name: /^Entry \d+$/ });
  await expect(drawer.getByRole('listitem').first()).toContainText('before');
  await expect(drawer.getByText('limit', { exact: false }).first()).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await drawer.getByRole('button', { name: 'Take back' }).click();
  await page
    .getByRole('dialog', { name: /^Take entry/ })
    .getByRole('button', { name: 'Take back' })
    .click();
  await expect(drawer.getByText('Takes back')).toBeVisible();
  expect(Number(await limit())).toBe(5);
  await drawer.getByRole('button', { name: 'Close' }).click();
  await expect(log.getByText('taken back')).toBeVisible();

  // What was taken back already says why it cannot be taken back again.
  await log.getByRole('button', { name: /taken back/ }).click();
  await expect(drawer.getByRole('button', { name: 'Take back' })).toHaveAttribute('aria-disabled', 'true');
  await expect(drawer.getByText(/taken back already/).first()).toBeVisible();
  await drawer.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByText(/^Verified up to entry \d+\.$/)).toBeVisible();
  const exported = await page.request.get('/api/audit/export?format=jsonl');
  expect(exported.ok()).toBe(true);
  expect(await exported.text()).toContain('Team a day');
});

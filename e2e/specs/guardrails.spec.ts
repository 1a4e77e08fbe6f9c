import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

let open: Stack;
let target: Server;
let answer: { status: number; text: string };
let received: { headers: Readonly<Record<string, unknown>>; body: string }[];

test.beforeAll(async () => {
  // The webhook target of these tests is on this machine.
  open = await startStack({ env: { SWITCHYARD_ALLOW_PRIVATE_NETWORKS: 'true' } });
  target = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answer.status).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});
test.afterAll(async () => {
  target.close();
  await open.stop();
});
test.beforeEach(async ({ page }) => {
  answer = { status: 200, text: 'thank you' };
  received = [];
  await open.resetSimulator();
  await open.setSimulator({ speed: 20 });
  await signIn(page, open.url);
});

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const budgetOf = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).first().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function makeBudget(page: Page, name: string, limit: string, onBreach?: string): Promise<void> {
  await page.goto(`${open.url}/guardrails?new=budget`);
  const form = dialog(page, 'Make a budget');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Limit', { exact: true }).fill(limit);
  await choose(page, 'Per', 'Hour');
  if (onBreach) await choose(page, 'In place of a refused call', onBreach);
  await form.getByRole('button', { name: 'Make budget' }).click();
  await expect(form).toBeHidden();
  await expect(budgetOf(page, name)).toBeVisible();
}

async function runComparison(page: Page, prompt: string): Promise<void> {
  await page.goto(`${open.url}/compare`);
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  await page.getByRole('button', { name: /^Run \d/ }).click();
}

async function deleteBudget(page: Page, name: string): Promise<void> {
  await page.goto(`${open.url}/guardrails`);
  await page.getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete budget' }).click();
  await expect(budgetOf(page, name)).toHaveCount(0);
}

test('a budget of less than a cent is made, refuses a comparison with its reason, is raised, and lets it through', async ({
  page,
}) => {
  await page.goto(`${open.url}/guardrails`);
  await expect(page.getByRole('heading', { name: 'No budgets yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Make a budget' }).click();
  const form = dialog(page, 'Make a budget');
  await form.getByRole('button', { name: 'Make budget' }).click();
  await expect(form.getByText('Set a limit. 0 forbids the calls.')).toBeVisible();
  await form.getByLabel('Limit', { exact: true }).fill('-1');
  await form.getByRole('button', { name: 'Make budget' }).click();
  await expect(form.getByText(/A limit cannot be negative/)).toBeVisible();
  await form.getByLabel('Name').fill('Under a cent');
  await form.getByLabel('Limit', { exact: true }).fill('0.00001');
  await choose(page, 'Per', 'Hour');
  await expect(
    form.getByText('Refuses all calls of the team once they cost more than $0.00001 per hour.'),
  ).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await form.getByRole('button', { name: 'Make budget' }).click();
  await expect(form).toBeHidden();
  const card = budgetOf(page, 'Under a cent');
  await expect(card.getByRole('meter')).toHaveAttribute('aria-valuenow', '0');

  await page.goto(`${open.url}/compare`);
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Why is the sky blue?');
  await expect(page.getByText(/“Under a cent” has .* left; this run may use/)).toBeVisible();
  await page.getByRole('button', { name: /^Run \d/ }).click();
  await expect(page.getByText(/The budget "Under a cent" has room for/).first()).toBeVisible();

  const bell = page.getByRole('button', { name: /^Notifications: [1-9]\d* unread/ });
  await expect(bell).toBeVisible();
  await bell.click();
  const list = dialog(page, 'Notifications');
  await expect(list.getByText('The budget "Under a cent" refuses calls')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await list.getByRole('button', { name: 'Mark all as read' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible();

  await page.goto(`${open.url}/guardrails?tab=breaches`);
  const row = page.getByRole('row', { name: /Under a cent/ }).first();
  await expect(row).toContainText('Refused');
  await expect(row).toContainText('Raise the limit');
  await expect(row.getByRole('link', { name: 'a comparison' })).toHaveAttribute('href', /^\/compare\?id=/);

  await page.goto(`${open.url}/guardrails`);
  await page.getByRole('button', { name: 'Raise Under a cent' }).click();
  const raise = dialog(page, 'Raise Under a cent');
  await raise.getByLabel('Add to the limit').fill('5');
  await raise.getByLabel('Why').fill('The test wants an answer');
  await raise.getByRole('button', { name: 'Raise', exact: true }).click();
  await expect(raise).toBeHidden();
  await expect(card).toContainText('Raised by $5.00');

  await runComparison(page, 'Why is the sky blue now?');
  await expect(page.getByRole('button', { name: 'Replay' })).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText('Complete', { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/The budget "Under a cent"/)).toHaveCount(0);
  await page.goto(`${open.url}/guardrails`);
  await expect(card).not.toContainText('$0 of');
  await deleteBudget(page, 'Under a cent');
});

test('a call that does not fit asks, is approved in the dashboard, and goes on', async ({ page, context }) => {
  await makeBudget(page, 'Ask first', '0.00001', 'Ask for approval');
  await runComparison(page, 'May I?');
  const admin = await context.newPage();
  await admin.goto(`${open.url}/guardrails?tab=approvals`);
  // Each lane needs room of its own: one generous grant is enough for all of them.
  await admin
    .getByRole('button', { name: /^Approve / })
    .first()
    .click();
  const approve = dialog(admin, 'Approve for Ask first');
  expect(await violationsOf(admin)).toEqual([]);
  await approve.getByLabel('Add to the limit').fill('5');
  await approve.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(approve).toBeHidden();
  await expect(page.getByText('Complete', { exact: true }).first()).toBeVisible({ timeout: 40_000 });
  await admin.goto(`${open.url}/guardrails?tab=approvals&show=all`);
  await expect(admin.getByText('Approved').first()).toBeVisible();
  await deleteBudget(page, 'Ask first');
});

test('a webhook channel shows its secret once, and its test shows what the target says', async ({ page }) => {
  await page.goto(`${open.url}/guardrails?tab=alerts`);
  await page.getByRole('button', { name: 'Add channel' }).click();
  const form = dialog(page, 'Add a channel');
  await form.getByRole('radio', { name: 'Webhook' }).click();
  await form.getByLabel('Name').fill('Pager');
  await form.getByRole('button', { name: 'Add channel' }).click();
  await expect(form.getByText('Paste the whole address of the webhook.')).toBeVisible();
  const address = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook?token=very-secret`;
  await form.getByLabel('Address').fill(address);
  await form.getByRole('button', { name: 'Add channel' }).click();
  const once = dialog(page, 'Copy the signing secret now');
  await expect(once.getByText(/^whsec_/)).toBeVisible();
  await once.getByRole('button', { name: 'I have copied it' }).click();

  const card = page.getByRole('article', { name: 'Pager' });
  await expect(card).not.toContainText('very-secret');
  await card.getByRole('button', { name: 'Send a test to Pager' }).click();
  await expect(card.getByRole('status')).toContainText('thank you');
  expect(received[0]?.headers).toHaveProperty('webhook-signature');

  answer = { status: 403, text: 'no such hook' };
  await card.getByRole('button', { name: 'Send a test to Pager' }).click();
  await expect(card.getByRole('status')).toContainText('no such hook');
  await expect(card.getByRole('status')).toContainText('HTTP 403');
  expect(await violationsOf(page)).toEqual([]);
  await page.reload();
  await expect(page.getByText(/whsec_/)).toHaveCount(0);

  await page.getByRole('button', { name: 'More about Pager' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete channel' }).click();
  await expect(card).toHaveCount(0);
});

test('all budgets are raised by a fifth and paused together, with a look at the outcome before', async ({ page }) => {
  await makeBudget(page, 'Adjustable', '10');
  await page.getByRole('button', { name: 'Adjust all' }).click();
  const adjust = dialog(page, 'Adjust all budgets');
  await expect(adjust.getByRole('row', { name: /Adjustable/ })).toContainText('$12.00');
  expect(await violationsOf(page)).toEqual([]);
  await adjust.getByRole('button', { name: 'Change 1 limit' }).click();
  await expect(budgetOf(page, 'Adjustable')).toContainText('$12.00 per hour');
  await page.getByRole('button', { name: 'Adjust all' }).click();
  await adjust.getByText('Pause all').click();
  await adjust.getByRole('button', { name: 'Pause them' }).click();
  await expect(budgetOf(page, 'Adjustable')).toContainText('paused');
  await deleteBudget(page, 'Adjustable');
});

test('the overview shows what today cost and leads to the daily cap', async ({ page }) => {
  await page.goto(`${open.url}/home`);
  await expect(page.getByRole('heading', { name: 'Spent today' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Spent today \$/ })).toBeVisible();
  await page.getByRole('link', { name: 'Set a daily cap' }).click();
  await expect(dialog(page, 'Make a budget')).toBeVisible();
});

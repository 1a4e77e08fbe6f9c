import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { owner } from '../stack/owner.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

let folder: string;
let stack: Stack;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-e2e-roles-'));
  const file = join(folder, 'switchyard.yaml');
  writeFileSync(
    file,
    'version: 1\nroles:\n  translator:\n    description: Every team has it.\n    models: [google/gemini-2.5-flash]\n',
  );
  stack = await startStack({ env: { SWITCHYARD_CONFIG: file } });
  await stack.setSimulator({ speed: 'Infinity' });
});
test.afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});
test.beforeEach(async ({ page }) => signIn(page, stack.url));

/** Asks for a role as an app does; answers which model answered. */
async function answeredBy(role: string): Promise<string | null> {
  const response = await fetch(`${stack.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.apiKey}` },
    body: JSON.stringify({ model: `role:${role}`, messages: [{ role: 'user', content: 'Say hello.' }] }),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return response.headers.get('x-switchyard-model');
}

test('models are assigned with the keyboard, their order is previewed from what was called, and the next call goes by it', async ({
  page,
}) => {
  await page.goto(`${stack.url}/roles`);
  const card = page.getByRole('article', { name: 'coder' });
  await expect(card).toContainText('the router chooses');
  await card.getByRole('button', { name: 'Edit coder' }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('Nobody yet.')).toBeVisible();
  for (const [search, option] of [
    ['gpt-5-mini', /^GPT-5 mini/],
    ['haiku-4-5', /^Claude Haiku 4.5/],
  ] as const) {
    await drawer.getByRole('button', { name: 'Add a model' }).click();
    await page.getByRole('textbox', { name: 'Search models and providers' }).fill(search);
    await page.getByRole('option', { name: option }).first().click();
  }
  const rows = drawer.getByRole('list', { name: 'Who is asked, in this order' }).getByRole('listitem');
  await expect(rows).toHaveText([/GPT-5 mini/, /Claude Haiku 4.5/]);
  expect(await violationsOf(page)).toEqual([]);
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer).toBeHidden();
  await expect(card.getByRole('listitem')).toHaveText([/GPT-5 mini/, /Claude Haiku 4.5/]);
  for (let calls = 0; calls < 3; calls += 1) expect(await answeredBy('coder')).toBe('openai/gpt-5-mini');

  await page.reload();
  await expect(card).toContainText('3 calls');
  await card.getByRole('button', { name: 'Edit coder' }).click();
  await expect(drawer.getByRole('button', { name: 'Save' })).toBeDisabled();
  const preview = drawer.getByRole('region', { name: 'What it would have come to' });
  await expect(preview).toContainText('Of 3 requests in 7 days');
  await expect(preview.getByRole('listitem').filter({ hasText: 'GPT-5 mini' })).toContainText('100 % → 100 %');
  await drawer.getByRole('button', { name: 'Take Claude Haiku 4.5 out' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(rows).toHaveText([/Claude Haiku 4.5/, /GPT-5 mini/]);
  await expect(preview.getByRole('listitem').filter({ hasText: 'Claude Haiku' })).toContainText('0 % → 100 %');
  await expect(drawer.getByRole('region', { name: 'Who uses it' })).toContainText('3 calls');
  await expect(drawer.getByText('Takes effect at the next call')).toBeVisible();
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer).toBeHidden();
  expect(await answeredBy('coder')).toBe('anthropic/claude-haiku-4-5');

  await card.getByRole('button', { name: 'Edit coder' }).click();
  await expect(drawer.getByRole('region', { name: 'Who changed it' }).getByRole('listitem').first()).toContainText(
    'The role "coder" asks anthropic/claude-haiku-4-5, openai/gpt-5-mini.',
  );
});

test('a role of your own is made, stands in for others, and is deleted only when it no longer does', async ({
  page,
}) => {
  await page.goto(`${stack.url}/roles`);
  await page.getByRole('button', { name: 'Make a role' }).click();
  const drawer = page.getByRole('dialog', { name: 'Make a role' });
  await drawer.getByRole('textbox', { name: 'Name' }).fill('Legal Reviewer');
  await drawer.getByRole('button', { name: 'Make role' }).click();
  await expect(drawer).toContainText('Use lower-case letters, digits and dashes');
  await drawer.getByRole('textbox', { name: 'Name' }).fill('legal-reviewer');
  await drawer.getByRole('button', { name: 'Add a model' }).click();
  await page.getByRole('textbox', { name: 'Search models and providers' }).fill('gemini-2.5-flash');
  await page.getByRole('option').first().click();
  await drawer.getByRole('button', { name: /^Parameters of/ }).click();
  await drawer.getByRole('textbox', { name: 'Temperature' }).fill('0.3');
  await drawer.getByRole('button', { name: 'Make role' }).click();
  const card = page.getByRole('article', { name: 'legal-reviewer' });
  await expect(card).toContainText('temperature 0.3');

  await page.getByRole('combobox', { name: 'Default role' }).click();
  await page.getByRole('option', { name: 'legal-reviewer' }).click();
  await expect(card).toContainText('stands in');
  await expect(page.getByRole('article', { name: 'planner' })).toContainText('Gemini');

  await card.getByRole('button', { name: 'Delete legal-reviewer' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('"legal-reviewer" is the default role. Choose another one first.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Default role' }).click();
  await page.getByRole('option', { name: /^Nobody/ }).click();
  await expect(page.getByRole('article', { name: 'planner' })).toContainText('the router chooses');
  await card.getByRole('button', { name: 'Delete legal-reviewer' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(card).toBeHidden();
});

test('a role of the configuration file can be looked at and says where it is changed', async ({ page }) => {
  await page.goto(`${stack.url}/roles?role=translator`);
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText('switchyard.yaml:3');
  await expect(drawer.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(drawer.getByRole('button', { name: 'Add a model' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article', { name: 'translator' })).toContainText('read-only');
});

test('of two who change a role at once the second one is told, and sees what it is now', async ({ page }) => {
  const ask = (models: object[], revision: number) =>
    fetch(`${stack.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.apiKey}` },
      body: JSON.stringify({
        query: 'mutation ($input: SetRoleInput!) { setRole(input: $input) { __typename } }',
        variables: { input: { name: 'planner', models, revision } },
      }),
    });
  await ask([{ model: 'openai/gpt-5-mini' }], 0);
  await page.goto(`${stack.url}/roles?role=planner`);
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('GPT-5 mini').first()).toBeVisible();
  await ask([{ model: 'google/gemini-2.5-flash' }], 1);
  await drawer.getByRole('checkbox', { name: 'Strict' }).check();
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer.getByRole('alert')).toContainText('Somebody changed this role meanwhile');
  await drawer.getByRole('button', { name: 'Show what it is now' }).click();
  const rows = drawer.getByRole('list', { name: 'Who is asked, in this order' }).getByRole('listitem');
  await expect(rows).toHaveText([/Gemini 2.5 Flash/]);
  await drawer.getByRole('checkbox', { name: 'Strict' }).check();
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('article', { name: 'planner' })).toContainText('strict');
});

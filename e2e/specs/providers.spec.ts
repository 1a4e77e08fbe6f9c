import type { Page } from '@playwright/test';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

let open: Stack;

test.beforeAll(async () => {
  // The simulator stands in for a vendor of the team's own: its address is private.
  open = await startStack({ env: { SWITCHYARD_ALLOW_PRIVATE_NETWORKS: 'true' } });
});
test.afterAll(() => open.stop());
test.beforeEach(async ({ page }) => {
  await open.resetSimulator();
  await signIn(page, open.url);
  await page.goto(`${open.url}/providers`);
  await expect(page.getByRole('article').first()).toBeVisible();
});

const drawer = (page: Page, name: string) => page.getByRole('dialog', { name });
const menuOf = async (page: Page, name: string, item: string) => {
  await page.getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

test('a provider of the team is made, tested, moved to another endpoint without its key, and deleted', async ({
  page,
}) => {
  await page.getByRole('button', { name: 'Add provider' }).click();
  const form = drawer(page, 'Add a provider');
  await form.getByRole('radio', { name: /^OpenAI/ }).click();
  await form.getByRole('button', { name: 'Advanced' }).click();
  await expect(form.getByRole('textbox', { name: 'Calls at a time' })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await form.getByRole('textbox', { name: 'Id' }).fill('Not an id');
  await form.getByRole('textbox', { name: 'Name' }).fill('OpenAI EU');
  await form.getByRole('textbox', { name: 'Endpoint' }).fill('http://169.254.169.254/v1');
  await form.getByRole('button', { name: 'Add provider' }).click();
  await expect(form.getByText(/An id consists of lower-case letters/)).toBeVisible();

  await form.getByRole('textbox', { name: 'Id' }).fill('openai-eu');
  await form.getByRole('button', { name: 'Add provider' }).click();
  await expect(form.getByRole('textbox', { name: 'Endpoint' })).toHaveAttribute('aria-invalid', 'true');

  const endpoint = `${open.simulatorUrl}/openai/v1`;
  await form.getByRole('textbox', { name: 'Endpoint' }).fill(endpoint);
  await open.addFault({
    vendor: 'openai',
    kind: 'error',
    status: 401,
    path: 'models',
    message: 'Incorrect API key provided: sk-wrong.',
    times: 1,
  });
  await form.getByLabel('Key', { exact: true }).fill('sk-wrong');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByRole('status')).toContainText('Incorrect API key provided');
  await expect(form.getByRole('status')).not.toContainText('sk-wrong');

  await form.getByLabel('Key', { exact: true }).fill('sk-right-wxyz');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByRole('status')).toContainText(/\d+ models/);
  await form.getByRole('button', { name: 'Add provider' }).click();
  await expect(form).toBeHidden();

  const card = page.getByRole('article', { name: 'OpenAI EU' });
  await expect(card).toContainText('Ready');
  await expect(card).toContainText('ends in wxyz');
  await expect(card).not.toContainText('sk-right');

  await menuOf(page, 'OpenAI EU', 'Edit');
  const edit = drawer(page, 'Edit OpenAI EU');
  await expect(edit.getByLabel('Key', { exact: true })).toHaveValue('');
  await edit.getByRole('textbox', { name: 'Endpoint' }).fill(`${open.simulatorUrl}/custom/v1`);
  await expect(edit.getByText('The stored key will be dropped')).toBeVisible();
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await expect(page.getByText('belonged to the old endpoint and were dropped')).toBeVisible();
  await expect(card).not.toContainText('ends in wxyz');

  await card.getByRole('switch', { name: 'OpenAI EU is switched on' }).click({ force: true });
  await expect(card).toContainText('Switched off');

  await menuOf(page, 'OpenAI EU', 'Delete');
  await page.getByRole('button', { name: 'Delete provider' }).click();
  await expect(card).toHaveCount(0);
});

test('a simulated provider is broken on its card, says so on every page, and fails its test in its own words', async ({
  page,
}) => {
  await page.getByRole('button', { name: 'Break it: Anthropic' }).click();
  const dialog = drawer(page, 'Break Anthropic');
  await expect(dialog).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('switch', { name: 'Outage' }).click({ force: true });
  await dialog.getByRole('button', { name: 'Apply' }).click();
  const banner = page.getByRole('complementary', { name: 'Broken on purpose' });
  await expect(banner).toContainText('Anthropic: out');
  await page.getByRole('button', { name: 'Test connection to Anthropic' }).click();
  await expect(page.getByRole('article', { name: 'Anthropic' })).toContainText('Unreachable');

  await page.goto(`${open.url}/models`);
  await banner.getByRole('button', { name: 'Change' }).click();
  await drawer(page, 'Break Anthropic').getByRole('button', { name: 'Repair' }).click();
  await expect(banner).toBeHidden();
});

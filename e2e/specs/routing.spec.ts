import type { Page } from '@playwright/test';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { collectProblems, expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

const pinned = 'google/gemini-2.5-flash';

/** These tests change the rules of the team, so they have a product of their own. */
let own: Stack;

test.beforeAll(async () => {
  own = await startStack();
});
test.afterAll(() => own.stop());
test.beforeEach(async ({ page }) => {
  await own.setSimulator({ speed: 20 });
  await signIn(page, own.url);
});

const conditionOf = (page: Page, rule: string) => page.getByRole('textbox', { name: `Condition of ${rule}` });

async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

test('a rule is mended at its mistake, tried, published, obeyed by auto with the reason, and rolled back', async ({
  page,
}) => {
  const problems = collectProblems(page);
  await page.goto(`${own.url}/routing`);
  await expect(page.getByRole('heading', { name: 'No rules yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Add a rule', exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('Short ones to Gemini');

  const condition = conditionOf(page, 'Short ones to Gemini');
  await condition.click();
  await page.keyboard.type('request.inp');
  await page.getByRole('option', { name: /inputTokens/ }).click();
  await page.keyboard.type(' < 1000 && request.rolle == ""');
  await expect(page.getByText(/^Character 39: /)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Publish' })).toBeDisabled();
  await expect(condition).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('.cm-lintRange-error')).toHaveCount(1);

  await condition.press('ControlOrMeta+a');
  await page.keyboard.type('request.inputTokens < 1000');
  await expect(page.getByText(/^Character/)).toHaveCount(0);
  await page.getByLabel('Action 1', { exact: true }).first().click();
  await page.getByRole('option', { name: 'Restrict to' }).click();
  const models = page.getByPlaceholder('Add a model, a provider, or a beginning such as');
  await models.fill(pinned);
  await page.getByRole('option', { name: new RegExp(`^${pinned}\\s*available`) }).click();
  const targets = page.getByRole('list', { name: 'Models of action 1' });
  await expect(targets).toContainText('available, simulated');
  await expect(condition).toHaveAttribute('aria-invalid', 'false');
  expect(await violationsOf(page)).toEqual([]);

  await openTab(page, 'Try a request');
  await page.getByRole('button', { name: 'Try it' }).click();
  const decision = page.getByRole('region', { name: 'Decision' });
  await expect(decision).toContainText(`${pinned} chosen`);
  await expect(decision).toContainText('Short ones to Gemini');
  await expect(decision.getByRole('heading', { name: 'Rules that took part' })).toBeVisible();
  await expect(decision.getByRole('heading', { name: /^Rejected/ })).toBeVisible();
  await page.getByText('in force', { exact: true }).click();
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(decision).not.toContainText('Short ones to Gemini');

  await openTab(page, 'Rules');
  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish version 1' });
  await expect(dialog.getByRole('list', { name: 'Changes' })).toContainText('request.inputTokens < 1000');
  await dialog.getByLabel('Note').fill('Gemini is quick with short ones');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('region', { name: 'Draft' })).toContainText('Version 1');

  await page.goto(`${own.url}/compare?models=auto,${pinned}&prompt=Hello`);
  await page.getByRole('button', { name: /^Run 2/ }).click();
  const lane = page.getByRole('article', { name: 'Auto' });
  await expect(lane.getByText('Complete', { exact: true })).toBeVisible({ timeout: 40_000 });
  await expect(lane).toContainText(`the router chose ${pinned}`);
  await lane.getByRole('button', { name: 'Why this model: Auto' }).click();
  const why = page.getByRole('dialog', { name: 'Why this model: Auto' });
  await expect(why).toContainText('Short ones to Gemini');
  await expect(why).toContainText(`${pinned} chosen`);
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(why).toBeHidden();

  await page.goto(`${own.url}/routing?tab=decisions`);
  await expect(page.getByRole('button', { name: new RegExp(`^Why ${pinned}`) }).first()).toBeVisible();

  await page.goto(`${own.url}/routing`);
  await page.getByRole('button', { name: 'Remove Short ones to Gemini' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog', { name: 'Publish version 2' }).getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('region', { name: 'Draft' })).toContainText('Version 2');
  await page.getByRole('button', { name: 'Versions' }).click();
  await page.getByRole('button', { name: 'Roll back to version 1' }).click();
  const back = page.getByRole('region', { name: 'Roll back to version 1' });
  await expect(back.getByRole('list', { name: 'Changes' })).toContainText('Short ones to Gemini');
  await back.getByRole('button', { name: 'Put version 1 back' }).click();
  await expect(page.getByRole('region', { name: 'Draft' })).toContainText('Version 3');
  await expect(page.getByRole('heading', { name: 'Short ones to Gemini' })).toBeVisible();
  expect(problems).toEqual([]);
});

test('weights are set for a role, and what was learned can be forgotten with an entry in the log', async ({ page }) => {
  await page.goto(`${own.url}/routing?tab=strategies`);
  await page.getByRole('button', { name: 'Add a scope' }).click();
  const adding = page.getByRole('dialog', { name: 'Add a scope' });
  await adding.getByRole('textbox', { name: 'Role' }).fill('reviewer');
  await adding.getByRole('button', { name: 'Set it up' }).click();
  const form = page.getByRole('form', { name: 'Routing of Role reviewer' });
  await form.getByRole('radio', { name: /^Balanced/ }).click();
  await form.getByLabel('Weights of its own').check();
  const cost = form.getByRole('slider', { name: /cost/ });
  await cost.press('End');
  await expect(form.getByText('100 %', { exact: true })).toBeVisible();
  await expect(form.getByText('0 %', { exact: true })).toHaveCount(3);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: /^Role reviewer\s*Balanced/ })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await page.goto(`${own.url}/routing?tab=learning`);
  await expect(page.getByText('Changed routing of role:reviewer.')).toBeVisible();
});

import { owner } from '../stack/owner.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { collectProblems, expect, test } from '../stack/test.ts';

test.describe
  .serial('the first visit', () => {
    let stack: Stack;
    test.beforeAll(async () => {
      stack = await startStack({ hasOwner: false });
    });
    test.afterAll(() => stack.stop());

    test('creates the owner, lands on a ready comparison, and Run streams three simulated models', async ({ page }) => {
      const problems = collectProblems(page);
      await page.goto(stack.url);
      await page.getByLabel('Name').fill(owner.name);
      await page.getByLabel('Email').fill(owner.email);
      await page.getByLabel('Password').first().fill(owner.password);
      await page
        .locator('form')
        .getByRole('button', { name: /create/i })
        .click();

      await expect(page).toHaveURL(/\/compare/);
      await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).not.toHaveValue('');
      const ready = page.getByRole('region', { name: 'Ready to run' }).getByRole('article');
      await expect(ready).toHaveCount(3);
      await expect(ready.getByText('Simulated')).toHaveCount(3);
      await expect(page.getByText('Simulated providers.')).toBeVisible();

      await page.getByRole('button', { name: /^Run/ }).click();
      const lanes = page.getByRole('article');
      await expect(lanes).toHaveCount(3);
      await expect(lanes.getByText('Streaming').first()).toBeVisible();
      await expect(lanes.getByText('Complete')).toHaveCount(3, { timeout: 50_000 });

      await expect(page).toHaveURL(/\/compare\?id=/);
      for (const lane of await lanes.all()) {
        await expect(lane.getByRole('region', { name: /^Answer of/ })).not.toBeEmpty();
        await expect(lane.getByText('Cost').locator('xpath=following-sibling::dd')).toContainText('$');
      }

      const answers = await page.getByRole('region', { name: /^Answer of/ }).allInnerTexts();
      await page.reload();
      await expect(lanes.getByText('Complete')).toHaveCount(3);
      // The parts that draw Markdown may come after the text.
      await expect.poll(() => page.getByRole('region', { name: /^Answer of/ }).allInnerTexts()).toEqual(answers);
      // Before the sign-in the page asks who it is, and the browser notes the answer 401.
      expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
    });

    test('offers sign-in once there is an owner', async ({ page }) => {
      await page.goto(stack.url);
      await expect(page).toHaveURL(/\/sign-in/);
      await page.getByLabel('Email').fill(owner.email);
      await page.getByLabel('Password').first().fill(owner.password);
      await page
        .locator('form')
        .getByRole('button', { name: /sign in/i })
        .click();
      await expect(page).toHaveURL(/\/compare/);
    });

    test('stops cleanly when asked', async () => {
      expect(await stack.stop()).toBe(0);
      expect(stack.output()).toContain('Switchyard has stopped.');
    });
  });

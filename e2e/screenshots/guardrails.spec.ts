import { mkdirSync } from 'node:fs';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { runComparison } from '../stack/finished-comparison.ts';
import { owner } from '../stack/owner.ts';
import { sizes, themes } from '../stack/routes.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
let held: Stack;

const budgets = [
  { name: 'Team per day', unit: 'COST', window: 'DAY', timeZone: 'UTC', limit: '0.05', alertThresholds: [0.5, 0.8, 1] },
  {
    name: 'OpenAI calls per hour',
    unit: 'REQUESTS',
    window: 'HOUR',
    limit: '12',
    mode: 'SOFT',
    scope: [{ kind: 'PROVIDER', value: 'openai' }],
  },
  {
    name: 'Careful with Haiku',
    unit: 'COST',
    window: 'HOUR',
    limit: '0.003',
    onBreach: 'FAIL_FAST',
    scope: [{ kind: 'MODEL', value: 'anthropic/claude-haiku-4-5' }],
  },
];

test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  held = await startStack();
  await held.setSimulator({ speed: 'Infinity' });
  for (const input of budgets) {
    const response = await fetch(`${held.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.apiKey}` },
      body: JSON.stringify({
        query:
          'mutation ($input: CreateBudgetInput!) { createBudget(input: $input) { __typename ... on UserError { message } } }',
        variables: { input },
      }),
    });
    expect(await response.json()).toMatchObject({ data: { createBudget: { __typename: 'CreateBudgetSuccess' } } });
  }
  for (const prompt of ['Why is the sky blue?', 'Why is the sea salty?', 'Why is grass green?'])
    await runComparison(held.url, prompt);
});
test.afterAll(() => held.stop());

for (const theme of themes) {
  for (const size of sizes) {
    test(`guardrails, ${theme}, ${size.width} px`, async ({ browser }) => {
      const context = await browser.newContext({
        baseURL: held.url,
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const shoot = async (name: string) => {
        await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
        await page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      };
      await signIn(page, held.url);
      await page.goto('/guardrails');
      await expect(page.getByText('Burn rate').first()).toBeVisible();
      await shoot('budgets');
      await page.getByRole('button', { name: 'Make a budget' }).click();
      await page.getByRole('dialog', { name: 'Make a budget' }).getByLabel('Limit', { exact: true }).fill('5');
      await shoot('budget-drawer');
      await page.goto('/guardrails?tab=breaches');
      await expect(page.getByRole('row').nth(1)).toBeVisible();
      await shoot('breaches');
      await page.goto('/home');
      await expect(page.getByRole('heading', { name: 'Top models today' })).toBeVisible();
      await shoot('spend-today');
      await page.goto('/compare');
      await page.getByRole('button', { name: /^Notifications/ }).click();
      await expect(page.getByRole('dialog', { name: 'Notifications' })).toBeVisible();
      await shoot('notifications');
      await context.close();
    });
  }
}

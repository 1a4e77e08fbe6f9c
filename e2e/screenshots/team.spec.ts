import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { runComparison } from '../stack/finished-comparison.ts';
import { owner } from '../stack/owner.ts';
import { sizes, themes } from '../stack/routes.ts';
import { askGraph } from '../stack/routing-calls.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { acceptThroughPage, askAs, inviteThroughPage } from '../stack/team.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
let held: Stack;
let invitation: string;

const createdKey = {
  data: {
    createApiKey: {
      __typename: 'CreateApiKeySuccess',
      secret: 'sk-sy-0123456789abcdef0123456789abcdef0123456789a_AbCdEf',
      apiKey: {
        __typename: 'ApiKey',
        ...{
          id: 'shown',
          name: 'search-app',
          prefix: 'sk-sy-0',
          lastFour: 'CdEf',
          scopes: ['RUN_WORK'],
          state: 'ACTIVE',
        },
        ...{ createdAt: '2026-01-01T00:00:00Z', expiresAt: null, revokedAt: null, lastUsedAt: null, rotatedAt: null },
        ...{ rotatedFrom: [], allowedModels: null, allowedRoles: null, defaultModel: null, dataOrigin: null },
        ...{ requestsPerMinute: null, tokensPerMinute: null, budgetUse: null, createdBy: null },
      },
    },
  },
};
const startedTwoFactor = {
  totpURI:
    'otpauth://totp/Switchyard:owner%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Switchyard&period=30',
  backupCodes: [],
};

/** A team at work: four people, an invitation, keys of several kinds, and changes to look back at. */
test.beforeAll(async ({ browser }) => {
  mkdirSync(folder, { recursive: true });
  held = await startStack();
  await held.setSimulator({ speed: 'Infinity' });
  const context = await browser.newContext({ baseURL: held.url, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await signIn(page, held.url);
  await askAs(page, held.url, 'mutation { updateProfile(input: { name: "Robin Yardmaster" }) { __typename } }');
  await askAs(page, held.url, 'mutation { renameTeam(input: { name: "Northern Line" }) { __typename } }');
  for (const [email, name, role] of [
    ['ada@example.com', 'Ada Signal', 'Admin'],
    ['devi@example.com', 'Devi Points', 'Developer'],
    ['vito@example.com', 'Vito Platform', 'Viewer'],
  ] as const) {
    const person = await acceptThroughPage(browser, held.url, await inviteThroughPage(page, email, role), name);
    await person.context.close();
  }
  invitation = await inviteThroughPage(page, 'mila@example.com', 'Developer');
  const create = `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    __typename ... on CreateApiKeySuccess { apiKey { id } secret } ... on UserError { message } } }`;
  const make = async (input: object) => (await askAs(page, held.url, create, { input })).data.createApiKey;
  await make({ name: 'weekly-report', scopes: ['READ_REPORTS', 'READ_GUARDRAILS', 'READ_HEALTH'] });
  const bot = await make({
    name: 'support-bot',
    scopes: ['READ_WORK', 'RUN_WORK', 'READ_MODELS'],
    allowedModels: ['openai/*', 'anthropic/claude-haiku-4-5'],
    defaultModel: 'openai/gpt-5-mini',
    requestsPerMinute: 120,
    budget: { limit: '25', window: 'MONTH' },
    expiresAt: new Date(Date.now() + 80 * 86_400_000).toISOString(),
  });
  await fetch(`${held.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bot.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Say hello.' }] }),
  });
  await askAs(page, held.url, `mutation($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { __typename } }`, {
    input: { apiKeyId: bot.apiKey.id, overlapMinutes: 1440 },
  });
  const { createBudget } = await askGraph(
    held.url,
    `mutation($input: CreateBudgetInput!) { createBudget(input: $input) {
      ... on CreateBudgetSuccess { budget { id version } } ... on UserError { message } } }`,
    { input: { name: 'Team a day', unit: 'COST', window: 'DAY', timeZone: 'UTC', limit: '5' } },
  );
  await askAs(page, held.url, `mutation($input: UpdateBudgetInput!) { updateBudget(input: $input) { __typename } }`, {
    input: {
      budgetId: createBudget.budget.id,
      version: createBudget.budget.version,
      limit: '20',
      alertThresholds: [0.5, 0.9, 1],
    },
  });
  await runComparison(held.url, 'Why is the sky blue?');
  await context.close();
});
test.afterAll(() => held.stop());

for (const theme of themes) {
  for (const size of sizes) {
    test(`team, ${theme}, ${size.width} px`, async ({ browser }) => {
      const context = await browser.newContext({
        baseURL: held.url,
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      // Secrets that differ each time would change the pictures each time, and are no business of a picture.
      await page.route('**/graphql', async (route) => {
        const isCreation = route.request().postData()?.includes('"CreateApiKey"');
        await (isCreation ? route.fulfill({ json: createdKey }) : route.fallback());
      });
      await page.route('**/api/auth/two-factor/enable', (route) => route.fulfill({ json: startedTwoFactor }));
      const shoot = async (name: string) => {
        await settle(page);
        await page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      };
      await page.goto(invitation);
      await expect(page.getByLabel('Name')).toBeVisible();
      await shoot('invitation');
      await page.goto('/reset-password?token=0123456789');
      await shoot('reset-password');
      await signIn(page, held.url);

      await page.goto('/team');
      await expect(page.getByText('Ada Signal')).toBeVisible();
      await shoot('members');
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await page.getByRole('dialog').getByLabel('Email').fill('mila@example.com');
      await shoot('invite');

      await page.goto('/team?tab=keys');
      await expect(page.getByRole('row', { name: /support-bot/ })).toBeVisible();
      await shoot('keys');
      await page.goto('/team?tab=keys&new=1');
      await page.getByRole('dialog').getByLabel('Name').fill('search-app');
      await page.getByRole('button', { name: 'Choose area by area' }).click();
      await shoot('key-new');
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Limits/ })
        .click();
      await page.getByRole('dialog').getByLabel('Budget of its own, USD').scrollIntoViewIfNeeded();
      await shoot('key-limits');
      await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
      await expect(page.getByTestId('key-secret')).toBeVisible();
      await shoot('key-secret');

      await page.goto('/team?tab=audit');
      await expect(page.getByRole('list', { name: 'Audit log' })).toBeVisible();
      await page.getByRole('button', { name: 'Verify the chain' }).click();
      await expect(page.getByText(/^Verified up to entry/)).toBeVisible();
      await shoot('audit-log');
      await page.goto('/team?tab=audit&type=Budget');
      await page
        .getByRole('list', { name: 'Audit log' })
        .getByRole('button', { name: /changed/ })
        .first()
        .click();
      await expect(page.getByRole('button', { name: 'Take back' })).toBeVisible();
      await shoot('audit-entry');

      await page.goto('/team?tab=settings');
      await expect(page.getByRole('heading', { name: 'What is kept of calls' })).toBeVisible();
      await shoot('team-settings');
      await page.getByRole('heading', { name: 'Features and prices' }).scrollIntoViewIfNeeded();
      await shoot('team-settings-more');

      await page.goto('/account');
      await expect(page.getByText('this device')).toBeVisible();
      await shoot('account');
      await page.getByRole('button', { name: 'Set up two-factor' }).click();
      await page.getByRole('dialog').getByLabel('Your password').fill(owner.password);
      await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
      await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
      await page.getByRole('heading', { name: /Two-factor/ }).scrollIntoViewIfNeeded();
      await shoot('two-factor');
      await context.close();
    });
  }
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
}

import type { Browser, BrowserContext, Page } from '@playwright/test';
import { type Stack, startStack } from './start-stack.ts';
import { test as base, expect } from './test.ts';

/** As the usual test, with a product of its own: these specs change members, keys and budgets of the team. */
export const test = base.extend<object, { readonly stack: Stack }>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here.
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  contextOptions: { reducedMotion: 'reduce' },
});

/** The password of everybody who is invited in tests. Nothing of this is secret. */
export const memberPassword = 'four random words here';

export type Role = 'Owner' | 'Admin' | 'Developer' | 'Viewer';

/** Invites somebody in the dashboard, as the person that `page` is signed in as; answers the path of the link. */
export async function inviteThroughPage(page: Page, email: string, role: Role): Promise<string> {
  await page.goto('/team');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email').fill(email);
  await dialog.getByRole('radio', { name: role }).check();
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  const link = ((await dialog.getByTestId('one-time-link').textContent()) ?? '').trim();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const { pathname, search } = new URL(link);
  return `${pathname}${search}`;
}

/** Opens a browser without a session and accepts an invitation in it as a new person. */
export async function acceptThroughPage(
  browser: Browser,
  url: string,
  path: string,
  name: string,
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(path);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(memberPassword);
  await page.getByRole('button', { name: 'Create the account and join' }).click();
  await expect(page).toHaveURL(/\/home/);
  return { context, page };
}

/** Asks the graph with the session of a page. */
// biome-ignore lint/suspicious/noExplicitAny: The shape is that of the query.
export async function askAs(page: Page, url: string, query: string, variables: object = {}): Promise<any> {
  const response = await page.request.post(`${url}/graphql`, { headers: { origin: url }, data: { query, variables } });
  return response.json();
}

import { test as base, expect, type Page } from '@playwright/test';
import { owner } from './owner.ts';
import { type Stack, startStack } from './start-stack.ts';

interface Fixtures {
  /** A page that is signed in as the owner; the simulator is fast and without faults. Errors on its console fail the test. */
  readonly signedInPage: Page;
}

interface WorkerFixtures {
  /** One running product, shared by the tests of a worker. */
  readonly stack: Stack;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here.
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.url),
  signedInPage: async ({ page, stack }, use) => {
    await stack.resetSimulator();
    await stack.setSimulator({ speed: 10 });
    const problems = collectProblems(page);
    await signIn(page, stack.url);
    await use(page);
    expect(problems, 'errors on the console of the page').toEqual([]);
  },
});

/** Signs in through the API, which sets the session cookie of the page. */
export async function signIn(page: Page, url: string): Promise<void> {
  const response = await page.request.post(`${url}/api/auth/sign-in/email`, {
    headers: { origin: url },
    data: { email: owner.email, password: owner.password },
  });
  expect(response.ok(), await response.text()).toBe(true);
}

/** Errors that a page reports: uncaught exceptions, refusals by the content security policy, console errors. */
export function collectProblems(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return problems;
}

export { expect };

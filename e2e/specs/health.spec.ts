import { runComparison } from '../stack/finished-comparison.ts';
import { askGraph } from '../stack/routing-calls.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { collectProblems, expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

let stack: Stack;

test.beforeAll(async () => {
  stack = await startStack();
  await stack.setSimulator({ speed: 'Infinity' });
});
test.afterAll(() => stack.stop());
test.beforeEach(({ page }) => signIn(page, stack.url));

/** Calls one model after the other until it is told to stop; failures are what it is for. */
function startTraffic(model: string): () => Promise<void> {
  let isOver = false;
  const complete = 'mutation ($input: CompleteInput!) { complete(input: $input) { __typename } }';
  const going = (async () => {
    while (!isOver) {
      await askGraph(stack.url, complete, { input: { model, prompt: 'Say hello.' } }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return () => {
    isOver = true;
    return going;
  };
}

test('a provider that breaks under traffic is seen going down and coming back, with its incident and its bill', async ({
  page,
}) => {
  const problems = collectProblems(page);
  const stopTraffic = startTraffic('openai/gpt-5-mini');
  try {
    await page.goto(`${stack.url}/health`);
    const openai = page.getByRole('article', { name: 'OpenAI' });
    await expect(openai.getByText('Healthy', { exact: true })).toBeVisible();
    // Gone if anything loads the page again.
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''));

    await stack.addFault({ vendor: 'openai', kind: 'error', status: 503 });
    await expect(openai.getByText('Down', { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('tab', { name: /Incidents 1/ })).toBeVisible();
    await expect(page.getByText(/1 of \d+ simulated providers is down/)).toBeVisible();
    await page.getByRole('button', { name: 'OpenAI', exact: true }).click();
    await expect(openai.getByRole('region', { name: 'Last error' })).toContainText('overloaded');
    await expect(openai.getByText(/open, probe in/).first()).toBeVisible();
    await expect(openai.getByRole('region', { name: 'Errors by class' })).toContainText('The provider is overloaded');
    expect(await violationsOf(page)).toEqual([]);

    // A lane that asks for the broken provider is answered by another one: that is on the bill.
    const rescued = { lanes: [{ model: 'openai/gpt-5-mini', fallbacks: ['anthropic/claude-sonnet-4-5'] }] };
    await startRescuedComparison(rescued.lanes);
    await page
      .getByRole('list', { name: 'Incidents that go on' })
      .getByRole('link', { name: 'OpenAI is down' })
      .click();
    await expect(page).toHaveURL(/incident=/);
    await expect(page.getByRole('heading', { name: 'OpenAI is down', level: 1 })).toBeVisible();
    const cost = page.getByRole('region', { name: 'What it cost your team' });
    await expect(cost.locator('strong')).toHaveText(/^\$0\.\d*[1-9]/, { timeout: 20_000 });
    await expect(page.getByText('anthropic/claude-sonnet-4-5')).toBeVisible();
    await page.getByRole('textbox', { name: 'Add a note' }).fill('We asked Anthropic meanwhile.');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Note by' })).toContainText('We asked Anthropic');
    expect(await violationsOf(page)).toEqual([]);

    await stack.resetSimulator();
    await stack.setSimulator({ speed: 'Infinity' });
    await expect(page.getByText(/Over; it lasted/)).toBeVisible({ timeout: 60_000 });
    await page.getByRole('link', { name: 'How it is now' }).click();
    await expect(openai.getByText('Healthy', { exact: true }).first()).toBeVisible();
    await expect(page.getByText(/All \d+ simulated providers are healthy/)).toBeVisible();
    expect(await page.locator('body').getAttribute('data-same-page')).toBe('');
    expect(problems).toEqual([]);
  } finally {
    await stopTraffic();
  }
});

async function startRescuedComparison(lanes: readonly object[]): Promise<void> {
  const { startComparison } = await askGraph(
    stack.url,
    'mutation ($input: StartComparisonInput!) { startComparison(input: $input) { __typename ... on UserError { message } } }',
    { input: { prompt: 'Why is the sky blue?', lanes: [...lanes, { model: 'google/gemini-2.5-flash' }] } },
  );
  expect(startComparison.__typename).toBe('StartComparisonSuccess');
}

test('a check is made at once, days are looked at by keyboard, and maintenance is announced and ended', async ({
  page,
}) => {
  await runComparison(stack.url, 'Why is the sea salty?', ['google/gemini-2.5-flash', 'anthropic/claude-haiku-4-5']);
  await page.goto(`${stack.url}/health`);
  const google = page.getByRole('article', { name: 'Google Gemini' });
  const days = google.getByRole('slider', { name: /Google Gemini, day by day/ });
  await days.focus();
  await expect(days).toHaveAttribute('aria-valuenow', '90');
  await page.keyboard.press('Home');
  await expect(days).toHaveAttribute('aria-valuetext', /: nothing known$/);
  await google.getByRole('button', { name: 'Google Gemini', exact: true }).click();
  await google.getByRole('button', { name: 'Check now: Google Gemini' }).click();
  await expect(google.getByText(/models listed\..*The provider is healthy\./)).toBeVisible();
  await google.getByRole('button', { name: 'Table: Time to the first token' }).click();
  await expect(google.getByRole('region', { name: 'Time to the first token, table' })).toContainText(/\d calls?/);

  await google.getByRole('button', { name: 'Announce maintenance of Google Gemini' }).click();
  const dialog = page.getByRole('dialog', { name: 'Announce maintenance' });
  await dialog.getByRole('textbox', { name: 'Note' }).fill('Moves house');
  await dialog.getByRole('button', { name: 'Announce' }).click();
  await expect(google.getByText(/In maintenance until .*Moves house/)).toBeVisible();
  await page.getByRole('tab', { name: 'Maintenance' }).click();
  await page.getByRole('button', { name: 'End it: maintenance of Google Gemini' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await expect(page.getByRole('heading', { name: 'No maintenance is announced' })).toBeVisible();
});

test('a failover plan is made, refused where it cannot hold, and deleted', async ({ page }) => {
  await page.goto(`${stack.url}/health?tab=failover`);
  await page.getByRole('button', { name: 'Make a plan' }).click();
  const drawer = page.getByRole('dialog', { name: 'Make a failover plan' });
  await drawer.getByRole('button', { name: 'Make the plan' }).click();
  await expect(drawer).toContainText('Give it a name.');
  await drawer.getByRole('textbox', { name: 'Name' }).fill('Everything goes on');
  const chain = drawer.getByRole('combobox', { name: 'These stand in, in order' });
  await chain.fill('no-such/model');
  await chain.press('Enter');
  await drawer.getByRole('button', { name: 'Make the plan' }).click();
  await expect(drawer.getByText(/no-such/).last()).toBeVisible();
  await chain.press('Backspace');
  await chain.fill('google/gemini-2.5-flash');
  await chain.press('Enter');
  await drawer.getByRole('button', { name: 'Make the plan' }).click();
  await expect(drawer).toBeHidden();
  const plan = page.getByRole('article', { name: 'Everything goes on' });
  await expect(plan).toContainText('google/gemini-2.5-flash');
  await expect(plan).toContainText('its provider is down');
  expect(await violationsOf(page)).toEqual([]);
  await plan.getByRole('button', { name: 'Delete Everything goes on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
  await expect(plan).toBeHidden();
});

test('who only looks on is told why actions are closed', async ({ page }) => {
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"Shell"')) return route.continue();
    const response = await route.fetch();
    const text = await response.text();
    const body = JSON.parse(text.replace('"accessRole":"OWNER"', '"accessRole":"VIEWER"'));
    for (const permission of body.data.viewer.permissions) {
      if (permission.level === 'READ') continue;
      Object.assign(permission, { isAllowed: false, reason: 'Viewers may not.' });
    }
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${stack.url}/health`);
  await expect(page.getByText('You look on: developers check providers')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Announce maintenance' })).toBeDisabled();
  await page.getByRole('button', { name: 'Anthropic', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Check now: Anthropic' })).toBeDisabled();
  await page.goto(`${stack.url}/health?incident=inc_none`);
  await expect(page.getByRole('heading', { name: 'There is no such incident' })).toBeVisible();
});

import type { Page } from '@playwright/test';
import { askGraph, chatWith, publishRules } from '../stack/routing-calls.ts';
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
  await own.resetSimulator();
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

test('rules are reordered by keyboard, and a rule that a final one hides is flagged until it stands above', async ({
  page,
}) => {
  await page.goto(`${own.url}/routing`);
  for (const [name, condition] of [
    ['Everything', 'true'],
    ['Coders', 'request.role == "coder"'],
  ] as const) {
    await page.getByRole('button', { name: 'Add a rule', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).last().fill(name);
    await conditionOf(page, name).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(condition);
    await page.keyboard.press('Escape');
    if (name === 'Everything') await page.getByLabel('Stop here').last().check();
    await page.getByRole('button', { name: `Close ${name}` }).click();
  }
  const card = page.getByRole('article', { name: 'Coders' });
  await expect(card).toContainText('Whatever matches here is caught by "Everything" before.');
  // What scrolls under the header is too small a target to axe.
  await page.evaluate(() => window.scrollTo(0, 0));
  expect(await violationsOf(page)).toEqual([]);

  const names = page.getByRole('region', { name: 'Rules of the team' }).getByRole('heading', { level: 3 });
  const up = page.getByRole('button', { name: 'Move Coders up' });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(card).not.toContainText('Whatever matches here is caught');
  await expect(page.getByText(/^Coders is now rule \d+ of \d+\.$/)).toBeAttached();
  // To the top, where it has nowhere to go: the button keeps the focus and does nothing.
  for (let place = await names.count(); place > 0; place--) await page.keyboard.press('Enter');
  await expect(names.first()).toHaveText('Coders');
  await expect(up).toBeFocused();
  await page.getByRole('button', { name: 'Move Coders down' }).focus();
  await page.keyboard.press('Space');
  await expect(names.nth(1)).toHaveText('Coders');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard draft' }).click();
  await expect(card).toHaveCount(0);
});

// Steps 4 and 6 of the third seed's checklist.

const quick = 'openai/gpt-4o-mini';
const other = 'anthropic/claude-haiku-4-5';

test('when the fast model becomes slow, latency-first sends the traffic to the other one and says why', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await publishRules(own.url, [{ name: 'These two', when: 'true', actions: [{ restrict: [quick, other] }] }]);
  await own.addFault({ vendor: 'anthropic', kind: 'latency', delayMs: 1_500 });
  for (const model of [quick, other, quick, other]) await chatWith(own.url, model);

  await page.goto(`${own.url}/routing?tab=strategies`);
  const form = page.getByRole('form', { name: 'Routing of Whole team' });
  await form.getByRole('radio', { name: /^Latency first/ }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: /^Whole team\s*Latency first/ })).toBeVisible();

  const decision = page.getByRole('region', { name: 'Decision' });
  const tryUntil = async (model: string) => {
    await page.goto(`${own.url}/routing?tab=try`);
    await expect(async () => {
      await page.getByRole('button', { name: 'Try it' }).click();
      await expect(decision).toContainText(`${model} chosen (lowest latency first)`, { timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
  };
  await tryUntil(quick);
  await expect(decision).toContainText(new RegExp(`% lower latency than ${other}`));

  // OpenAI becomes slow; nothing is told to the router, it measures.
  await own.addFault({ vendor: 'openai', kind: 'latency', delayMs: 6_000 });
  for (let call = 0; call < 4; call++) await chatWith(own.url, quick);
  await tryUntil(other);
  await expect(decision).toContainText(new RegExp(`% lower latency than ${quick}`));

  await page.goto(`${own.url}/compare?models=auto,${other}&prompt=Hello`);
  await page.getByRole('button', { name: /^Run 2/ }).click();
  const lane = page.getByRole('article', { name: 'Auto' });
  await expect(lane.getByText('Complete', { exact: true })).toBeVisible({ timeout: 40_000 });
  await expect(lane).toContainText(`the router chose ${other}`);
  await lane.getByRole('button', { name: /timeline of Auto/ }).click();
  const step = page.getByRole('dialog', { name: 'Timeline of Auto' }).getByRole('listitem').first();
  await expect(step).toContainText(/^The router chose Claude Haiku/);
  await expect(step).toContainText(`${other} chosen (lowest latency first)`);
  await step.getByText(/^2 candidates/).click();
  await expect(step.getByRole('list', { name: 'Candidates with their scores' })).toContainText(quick);
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await lane.getByRole('button', { name: 'Why this model: Auto' }).click();
  const why = page.getByRole('dialog', { name: 'Why this model: Auto' });
  await why.getByRole('button', { name: 'Replay' }).click();
  await expect(why.getByText('The same came out, to the last figure.')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
});

test('Rebalance forgets what was learned: all begin as at the start, and the log says who did it', async ({ page }) => {
  await publishRules(own.url, [{ name: 'Two', when: 'true', actions: [{ restrict: [quick, other] }] }]);
  await askGraph(
    own.url,
    `mutation { saveRoutingSettings(input: { scope: "role:judged", revision: 0, strategy: ADAPTIVE }) { __typename } }`,
  );
  /** By how much more is expected of one than of the other. */
  const readLead = async () => {
    const { dryRunRoute } = await askGraph(
      own.url,
      `{ dryRunRoute(input: { prompt: "Say hello.", strategy: ADAPTIVE, context: { role: "judged" } }) { ... on DryRunRouteSuccess { plan { candidates { modelId expectedQuality } } } } }`,
    );
    const of = (id: string) =>
      dryRunRoute.plan.candidates.find(({ modelId }: { modelId: string }) => modelId === id).expectedQuality;
    return of(quick) - of(other);
  };
  const atTheStart = await readLead();
  for (let call = 0; call < 12; call++) {
    const { decision, model } = await chatWith(own.url, 'auto', { 'x-switchyard-role': 'judged' });
    await askGraph(
      own.url,
      `mutation($id: String!, $score: Float!) { submitFeedback(input: { of: { requestId: $id }, score: $score, source: JUDGE, judge: "grader" }) { __typename } }`,
      { id: decision, score: model === quick ? 1 : 0 },
    );
  }
  await page.goto(`${own.url}/routing?tab=learning`);
  const scope = page.getByRole('region', { name: 'Role judged' });
  await expect(async () => {
    await page.reload();
    await expect(scope).toContainText('12 rewards ever', { timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  expect(await readLead()).toBeGreaterThan(atTheStart);

  await page.getByRole('button', { name: 'Rebalance everything' }).click();
  const dialog = page.getByRole('dialog', { name: 'Forget everything that was learned?' });
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Rebalance' }).click();
  await expect(page.getByText(/^Forgotten: /)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Nothing is learned yet' })).toBeVisible();
  const log = page.getByRole('region', { name: 'Who changed what' });
  await expect(log.getByRole('listitem').first()).toContainText('Reset everything that was learned.');
  await expect(log.getByRole('listitem').first()).toContainText(', owner');
  expect(await readLead()).toBeCloseTo(atTheStart, 9);
});

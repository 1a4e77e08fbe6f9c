import { askGraph } from '../stack/routing-calls.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { collectProblems, expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';
import { publishWorkflow, runPath, startRun, waitForRun } from '../stack/workflow-runs.ts';

let stack: Stack;
const prompt = (id: string, models: readonly string[], text: string, more: object = {}) => ({
  id,
  type: 'prompt',
  title: `${id[0]?.toUpperCase()}${id.slice(1)}`,
  models: models.map((model) => ({ model })),
  prompt: text,
  ...more,
});

test.beforeAll(async () => {
  stack = await startStack();
  const quick = { retry: { maxAttempts: 2, initialDelayMs: 50 } };
  await publishWorkflow(stack.url, {
    name: 'spare-model',
    title: 'Answer with a spare model',
    inputs: { question: { type: 'string' } },
    steps: [
      prompt('answer', ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5'], '{{ inputs.question }}', quick),
      prompt('review', ['google/gemini-2.5-flash'], 'Is this right? {{ steps.answer.output }}'),
    ],
  });
  await publishWorkflow(stack.url, {
    name: 'one-model',
    title: 'Outline and text',
    inputs: { topic: { type: 'string' } },
    steps: [
      prompt('outline', ['google/gemini-2.5-flash'], 'Outline {{ inputs.topic }}'),
      prompt('text', ['openai/gpt-5-mini'], 'Write from {{ steps.outline.output }}', quick),
    ],
  });
  await publishWorkflow(stack.url, {
    name: 'by-role',
    title: 'Code by role',
    steps: [{ id: 'code', type: 'prompt', title: 'Code', role: 'coder', prompt: 'Write a function.' }],
  });
  await publishWorkflow(stack.url, {
    name: 'asks-first',
    title: 'Three drafts and an editor',
    inputs: { topics: { type: 'list', items: 'string' } },
    steps: [
      prompt(
        'drafts',
        ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'],
        'Write about {{ inputs.topics | first }}.',
        { strategy: 'parallel' },
      ),
      { id: 'best', type: 'merge', title: 'Best', mode: 'best', by: 'longest', from: ['drafts'] },
      { id: 'editor', type: 'approval', message: 'May it go out?', subject: 'steps.best.output', canEdit: true },
      {
        id: 'way',
        type: 'branch',
        after: ['editor'],
        cases: [{ when: 'size(inputs.topics) > 5', goTo: ['many'] }],
        default: ['few'],
      },
      { id: 'many', type: 'transform', value: '"many"' },
      { id: 'few', type: 'transform', value: '"few"' },
    ],
  });
});
test.afterAll(() => stack.stop());
test.beforeEach(async ({ page }) => {
  await stack.resetSimulator();
  await stack.setSimulator({ speed: 10 });
  await signIn(page, stack.url);
});

test('a broken provider is seen to be left for the next model: on the run, in its step, in the waterfall and in the list', async ({
  page,
}) => {
  const problems = collectProblems(page);
  await stack.addFault({ vendor: 'openai', kind: 'error', status: 503 });
  const id = await startRun(stack.url, 'spare-model', { question: 'Why is the sky blue?' }, { tags: ['blue'] });
  await page.goto(`${stack.url}${runPath(id)}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Answer with a spare model' })).toBeVisible();
  await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('1 failover')).toBeVisible();

  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: /Answer/ })
    .click();
  const lane = page.getByRole('article', { name: 'Claude Haiku 4.5' });
  const strip = lane.getByRole('button', { name: /timeline of Claude Haiku/ });
  await expect(strip).toContainText(/failed tr(y|ies), then .* answered/);
  await strip.click();
  await expect(lane.getByRole('listitem').filter({ hasText: /^From GPT-5 mini to Claude Haiku/ })).toBeVisible();
  await expect(lane.getByRole('region', { name: /Answer of/ })).not.toBeEmpty();
  await page.getByText('What it was asked').click();
  await expect(page.locator('mark', { hasText: 'Why is the sky blue?' })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);

  await page.getByRole('tab', { name: 'Waterfall' }).click();
  const happened = page.getByRole('region', { name: 'What happened' });
  await expect(happened.getByRole('listitem').filter({ hasText: /From GPT-5 mini to Claude/ })).toBeVisible();
  await page.getByRole('switch', { name: 'Only what went wrong or was changed' }).check();
  await expect(happened.getByText(/is asked$/)).toHaveCount(0);
  await page.getByRole('tab', { name: 'Models' }).click();
  await expect(page.getByRole('article', { name: 'GPT-5 mini' })).toContainText('The provider is overloaded');
  await page.getByRole('tab', { name: 'Inputs and outputs' }).click();
  await expect(page.getByRole('region', { name: 'Inputs' })).toContainText('Why is the sky blue?');

  await page.getByRole('link', { name: 'Runs', exact: true }).last().click();
  await page.getByRole('button', { name: 'With failovers' }).click();
  await expect(page).toHaveURL(/had=failover/);
  await expect(page.getByRole('row').filter({ hasText: 'Answer with a spare model' })).toContainText('1 failover');
  expect(problems).toEqual([]);
});

test('a run that failed goes on from the failed step, and what succeeded is not paid again', async ({ page }) => {
  await stack.addFault({ vendor: 'openai', kind: 'error', status: 401 });
  const id = await startRun(stack.url, 'one-model', { topic: 'Trains' });
  await page.goto(`${stack.url}${runPath(id)}`);
  const alert = page.getByRole('alert').first();
  await expect(alert).toContainText('API key', { timeout: 30_000 });
  await expect(page.getByRole('heading', { level: 2, name: 'Text' })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await stack.resetSimulator();
  await stack.setSimulator({ speed: 10 });
  await page.getByRole('button', { name: 'Retry from here' }).click();
  await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('retried once')).toBeVisible();
  await expect(page.getByRole('article', { name: 'GPT-5 mini' })).toContainText('Complete');
  // The outline was asked for once, before.
  const paid = page.getByRole('list', { name: 'What each provider was paid' });
  await expect(paid.getByRole('listitem').filter({ hasText: 'google' })).toContainText('1 call,');
});

test('a role that is given to another model is answered by it in the next run', async ({ page }) => {
  await askGraph(
    stack.url,
    'mutation ($input: SetRoleInput!) { setRole(input: $input) { __typename ... on UserError { message } } }',
    {
      input: {
        name: 'coder',
        models: [{ model: 'openai/gpt-5-mini' }, { model: 'anthropic/claude-haiku-4-5' }],
        revision: 0,
      },
    },
  );
  const first = await startRun(stack.url, 'by-role');
  await page.goto(`${stack.url}${runPath(first)}`);
  await expect(page.getByRole('article', { name: 'GPT-5 mini' })).toContainText('Complete', { timeout: 30_000 });
  await page.goto(`${stack.url}/roles?role=coder`);
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('region', { name: 'Who uses it' })).toContainText('by-role');
  await drawer.getByRole('button', { name: 'Move Claude Haiku 4.5 up' }).click();
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer).toBeHidden();
  const second = await startRun(stack.url, 'by-role');
  await page.goto(`${stack.url}${runPath(second)}`);
  await expect(page.getByRole('article', { name: 'Claude Haiku 4.5' })).toContainText('Complete', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Why this model' }).click();
  await expect(page.getByRole('dialog')).toContainText('role:coder');
});

test('a person decides on the page of the run, changes what it is about, and the branch that was not taken is skipped', async ({
  page,
}) => {
  const id = await startRun(stack.url, 'asks-first', { topics: ['Trains'] });
  await waitForRun(stack.url, id, ['WAITING']);
  await page.goto(`${stack.url}${runPath(id)}`);
  const question = page.getByRole('region', { name: 'Question of editor' });
  await expect(question).toContainText('May it go out?');
  expect(await violationsOf(page)).toEqual([]);
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: /Drafts/ })
    .click();
  await expect(page.getByRole('article').filter({ hasText: 'Complete' })).toHaveCount(3);
  await page.getByRole('button', { name: 'Replay the stream' }).click();
  await expect(page.getByRole('button', { name: 'Leave the replay' })).toBeVisible();
  await page.getByRole('button', { name: 'Leave the replay' }).click();
  await question.getByRole('textbox', { name: 'What it is about' }).fill('Shorter.');
  await question.getByRole('textbox', { name: 'Note' }).fill('Said with less.');
  await question.getByRole('button', { name: 'Approve' }).click();
  await expect(question).toBeHidden();
  await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  const steps = page.getByRole('navigation', { name: 'Steps' });
  await expect(steps.getByRole('button', { name: /many/ })).toContainText('Skipped');
  await steps.getByRole('button', { name: /editor/ }).click();
  await expect(page.getByText(/Approved by .*Said with less/)).toBeVisible();

  await page.getByRole('button', { name: 'Rerun with changes' }).click();
  const drawer = page.getByRole('dialog', { name: 'Rerun with changes' });
  await drawer.getByRole('textbox', { name: 'topics' }).fill('no list');
  await drawer.getByRole('button', { name: 'Run it' }).click();
  await expect(drawer).toContainText('Write a list');
  await drawer.getByRole('textbox', { name: 'topics' }).fill('["Ships"]');
  await drawer.getByRole('button', { name: 'Run it' }).click();
  await expect(page.getByText('repeats an earlier run')).toBeVisible({ timeout: 30_000 });
});

test('a list is narrowed in the address, and its runs are gone through one by one', async ({ page }) => {
  const [older, newer] = [
    await startRun(stack.url, 'by-role', {}, { tags: ['nightly'] }),
    await startRun(stack.url, 'by-role', {}, { tags: ['nightly'] }),
  ];
  await waitForRun(stack.url, older);
  await waitForRun(stack.url, newer);
  await page.goto(`${stack.url}/runs?tag=nightly`);
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page).toHaveURL(/tag=nightly/);
  await page.getByRole('link', { name: 'Older run' }).click();
  await expect(page).toHaveURL(new RegExp(encodeURIComponent(older).replaceAll('%', '\\%')));
  await expect(page.getByRole('button', { name: 'Older run' })).toBeDisabled();
  await page.getByRole('link', { name: 'Runs, filtered' }).click();
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: 'Keep this view' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nightly');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await expect(page).not.toHaveURL(/tag=/);
  await page.getByRole('button', { name: 'Nightly', exact: true }).click();
  await expect(page).toHaveURL(/tag=nightly/);
  await page.goto(`${stack.url}/runs?id=nonsense`);
  await expect(page.getByRole('heading', { name: 'There is no such run' })).toBeVisible();
});

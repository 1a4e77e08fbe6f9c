import type { Page } from '@playwright/test';
import { owner } from '../stack/owner.ts';
import { sizes, themes } from '../stack/routes.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { collectProblems, expect, signIn, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';
import { weighScripts } from '../stack/weigh-scripts.ts';

/** These tests publish workflows, so they have a product of their own. */
let own: Stack;

test.beforeAll(async () => {
  own = await startStack();
});
test.afterAll(() => own.stop());
test.beforeEach(async ({ page }) => {
  await own.setSimulator({ speed: 20 });
  await signIn(page, own.url);
});
test.use({ contextOptions: { reducedMotion: 'reduce' } });

async function ask<Data>(query: string, variables: object): Promise<Data> {
  const response = await fetch(`${own.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.apiKey}` },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as { data: Data }).data;
}

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const details = (page: Page) => page.getByRole('complementary', { name: 'Details' });
const saved = (page: Page) => page.locator('header').getByText('Saved', { exact: true });

async function makeBlank(page: Page, name: string): Promise<void> {
  await page.goto(`${own.url}/workflows`);
  await page.getByRole('button', { name: 'New workflow' }).click();
  const dialog = page.getByRole('dialog', { name: 'New workflow' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'No steps yet' })).toBeVisible();
}

/** Writes into a code field as a person does. */
async function write(page: Page, field: string, text: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: field, exact: true });
  await editor.click();
  await editor.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

async function publish(page: Page, version: number): Promise<void> {
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Publish version ${version}` });
  await dialog.getByLabel('Note').fill('It does what it should');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`version ${version}`, { exact: true })).toBeVisible();
}

test('two steps are built by mouse, a mistake leads to its field, and both models of a published workflow answer', async ({
  page,
}) => {
  test.slow();
  const problems = collectProblems(page);
  await makeBlank(page, 'two-steps');

  // An input, then a prompt that asks two models side by side.
  await details(page).getByRole('tab', { name: 'Workflow' }).click();
  await page.getByRole('button', { name: 'Add an input' }).click();
  const input = page.getByRole('group', { name: 'Input text' });
  await input.getByLabel('Name', { exact: true }).fill('topic');
  await input.getByLabel('Name', { exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Add the first step' }).click();
  await page
    .getByRole('dialog', { name: 'Add a step' })
    .getByRole('button', { name: /^Prompt/ })
    .click();
  await expect(card(page, 'ask')).toBeVisible();
  await details(page).getByText('These models', { exact: true }).click();
  await details(page).getByRole('button', { name: 'Add a model' }).click();
  await page.getByPlaceholder('Search models and providers').fill('gemini-2.5-flash');
  await page
    .getByRole('option', { name: /google\/gemini-2\.5-flash/ })
    .first()
    .click();
  const models = details(page).getByRole('list', { name: /^Models/ });
  await expect(models.getByRole('listitem')).toHaveCount(2);
  await details(page).getByRole('combobox', { name: 'Strategy' }).click();
  await page.getByRole('option', { name: 'Parallel' }).click();
  await expect(details(page).getByText(/^All at once/)).toBeVisible();

  // A variable that is not there is told while it is typed; the list of problems leads back to it.
  await write(page, 'Prompt', 'Explain {{ inputs.topik }} in one sentence.');
  await expect(
    details(page)
      .getByText(/Did you mean inputs\.topic\?/)
      .first(),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Inputs and settings' }).click();
  await page.getByRole('button', { name: /^1 error|^2 / }).click();
  await details(page)
    .getByRole('button', { name: /There is no input "topik"/ })
    .click();
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeFocused();
  await write(page, 'Prompt', 'Explain ');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).press('ControlOrMeta+End');
  await page.keyboard.type('{{ inputs.to');
  await page.getByRole('option', { name: /inputs\.topic/ }).click();
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();

  // The second step reads the first one: drawn, undone, done again.
  await page.getByRole('button', { name: 'Add step' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Transform/ })
    .click();
  await expect(card(page, 'shape')).toBeVisible();
  await expect(page.locator('.react-flow__edge')).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 'shape')).toHaveCount(0);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(card(page, 'shape')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);

  // Moving a card is no edit.
  await expect(saved(page)).toBeVisible();
  const before = await ask<{ workflows: { edges: { node: { id: string; draft: { revision: number } } }[] } }>(
    '{ workflows(first: 9, search: "two-steps") { edges { node { id draft { revision } } } } }',
    {},
  );
  const node = before.workflows.edges[0]?.node;
  const box = await card(page, 'shape').boundingBox();
  if (!box || !node) throw new Error('The card or the workflow is missing.');
  await page.mouse.move(box.x + 60, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 150, box.y + 60, { steps: 6 });
  await page.mouse.up();
  const where = () =>
    ask<{ node: { draft: { revision: number }; positions: { stepId: string }[] } }>(
      'query ($id: ID!) { node(id: $id) { ... on Workflow { draft { revision } positions { stepId } } } }',
      { id: node.id },
    );
  await expect.poll(async () => (await where()).node.positions.map(({ stepId }) => stepId)).toEqual(['shape']);
  expect((await where()).node.draft.revision).toBe(node.draft.revision);

  await publish(page, 1);
  await page.getByRole('toolbar', { name: 'Editor' }).getByRole('button', { name: 'Run', exact: true }).click();
  await details(page).getByLabel('topic').fill('tides');
  await details(page).getByRole('button', { name: 'Run the draft' }).click();
  const results = details(page).getByRole('region', { name: 'Results' });
  await expect(results.getByText('Completed', { exact: true })).toBeVisible({ timeout: 40_000 });
  await expect(results.getByText('google/gemini-2.5-flash')).toBeVisible();
  await expect(results.getByText(/^(openai|anthropic|mistral|xai|deepseek|cohere|groq)\//).first()).toBeVisible();
  await expect(card(page, 'ask').getByText('done')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);

  // One step alone, with the pinned output of the one before.
  await results.getByRole('button', { name: /^Pin the output of ask/ }).click();
  await card(page, 'shape').click();
  await details(page).getByText('Only shape', { exact: true }).click();
  await expect(details(page).getByText('The pinned output.')).toBeVisible();
  await details(page).getByRole('button', { name: 'Run this step' }).click();
  await expect(results.getByText('Completed', { exact: true })).toBeVisible({ timeout: 40_000 });
  await expect(results.getByRole('listitem')).toHaveCount(1);
  expect(problems).toEqual([]);
});

test('the same is built by keyboard alone in the outline', async ({ page }) => {
  test.slow();
  const problems = collectProblems(page);
  await makeBlank(page, 'by-keyboard');
  const press = async (name: RegExp | string) => {
    const button = page.getByRole('button', { name, exact: typeof name === 'string' });
    await button.first().focus();
    await page.keyboard.press('Enter');
  };
  await page.getByRole('radio', { name: 'Outline' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('radio', { name: 'Outline' }).check({ force: true });
  await press('Add the first step');
  await expect(page.getByRole('dialog', { name: 'Add a step' })).toBeVisible();
  await page.keyboard.press('Enter');
  const steps = page.getByRole('list', { name: 'Steps' });
  await expect(steps.getByRole('listitem')).toHaveCount(1);
  await write(page, 'Prompt', 'Name one fact about the sea.');
  await press('Add a step at the end');
  await expect(page.getByRole('dialog', { name: 'Add a step after ask' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(steps.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toContainText('{{ steps.ask.output }}');

  // The order of the list, a copy, and back.
  const second = steps.locator('[data-step="ask_2"]');
  await second.focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(steps.getByRole('listitem').first()).toContainText('ask_2');
  await second.focus();
  await page.keyboard.press('ControlOrMeta+d');
  await expect(steps.getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(steps.getByRole('listitem')).toHaveCount(2);
  await second.focus();
  await page.keyboard.press('ControlOrMeta+c');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(steps.getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('Delete');
  await expect(steps.getByRole('listitem')).toHaveCount(2);
  expect(await violationsOf(page)).toEqual([]);

  await publish(page, 1);
  await press('Versions');
  await expect(page.getByRole('dialog', { name: 'Versions' }).getByText('in force')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(problems).toEqual([]);
});

test('of two who edit one draft the second is told, and loses nothing', async ({ page }) => {
  await makeBlank(page, 'shared-draft');
  await page.getByRole('button', { name: 'Add the first step' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Prompt/ })
    .click();
  await expect(saved(page)).toBeVisible();
  const id = new URL(page.url()).searchParams.get('id');
  await ask(
    'mutation ($input: SaveWorkflowDraftInput!) { saveWorkflowDraft(input: $input) { __typename ... on UserError { message } } }',
    {
      input: {
        workflowId: id,
        revision: await currentRevision(id),
        definition: {
          format: 1,
          name: 'shared-draft',
          title: 'Title of theirs',
          steps: [{ id: 'ask', type: 'prompt', role: 'coder', prompt: '' }],
        },
      },
    },
  );
  await write(page, 'Prompt', 'Mine');
  const notice = page.getByRole('alert', { name: 'Changed by somebody else' });
  await expect(notice).toContainText('title changed');
  await notice.getByRole('button', { name: 'Merge both' }).click();
  await expect(page.getByRole('heading', { name: 'Title of theirs' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toContainText('Mine');
  await expect(saved(page)).toBeVisible();
});

async function currentRevision(id: string | null): Promise<number> {
  const { node } = await ask<{ node: { draft: { revision: number } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Workflow { draft { revision } } } }',
    { id },
  );
  return node.draft.revision;
}

test('what is imported with mistakes is told with line and column, and a sound text becomes a workflow', async ({
  page,
}) => {
  await page.goto(`${own.url}/workflows`);
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a workflow' });
  const text = ['format: 1', 'name: imported', 'steps:', '  - id: ask', '    type: prompt', '    role: coder'];
  await dialog.getByLabel('Definition').fill([...text, '    promt: Hello'].join('\n'));
  await expect(dialog.getByText('Line 7, column 12')).toBeVisible();
  await expect(dialog.getByText('Did you mean "prompt"?')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByLabel('Definition').fill([...text, '    prompt: Hello'].join('\n'));
  await expect(dialog.getByText('Nothing is wrong with it.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('heading', { name: 'imported' })).toBeVisible();
  await page.getByRole('link', { name: 'Workflows' }).last().click();
  await page.getByRole('button', { name: 'More about imported' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete workflow' }).click();
  await expect(page.getByText('workflow:imported')).toHaveCount(0);
});

test('the editor loads at most 520 kB of JavaScript, and is accessible in both themes and widths', async ({ page }) => {
  const { createWorkflowFromGallery: made } = await ask<{ createWorkflowFromGallery: { workflow: { id: string } } }>(
    'mutation { createWorkflowFromGallery(input: { gallery: "customer-inquiry" }) { ... on WorkflowSuccess { workflow { id } } } }',
    {},
  );
  const weigh = weighScripts(page);
  await page.goto(`${own.url}/workflows/edit?id=${encodeURIComponent(made.workflow.id)}`);
  await expect(card(page, 'draft')).toBeVisible();
  await page.waitForLoadState('networkidle');
  const kilobytes = await weigh();
  expect(kilobytes).toBeLessThanOrEqual(520);
  await card(page, 'draft').click();
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeVisible();
  for (const { width, height } of sizes) {
    await page.setViewportSize({ width, height });
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
      expect(await violationsOf(page), `${theme}, ${width} px`).toEqual([]);
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `pixels beyond the right edge at ${width} px`).toBeLessThanOrEqual(0);
  }
});

test('an earlier version is put back into force, a draft is discarded, and who only looks on is told why', async ({
  page,
}) => {
  const send = <Data>(mutation: string, type: string, success: string, input: object) => {
    const fields = `... on ${success} { workflow { id draft { revision } } } ... on UserError { message }`;
    return ask<Data>(`mutation($input: ${type}!) { ${mutation}(input: $input) { ${fields} } }`, { input });
  };
  interface Made {
    readonly workflow: { readonly id: string; readonly draft: { readonly revision: number } };
  }
  const text = (value: string) => ({ format: 1, name: 'put-back', steps: [{ id: 'only', type: 'transform', value }] });
  const { importWorkflow: made } = await send<{ importWorkflow: Made }>(
    'importWorkflow',
    'ImportWorkflowInput',
    'WorkflowSuccess',
    {
      text: JSON.stringify(text('1')),
    },
  );
  const { id } = made.workflow;
  let { revision } = made.workflow.draft;
  for (const value of ['1', '2', '3']) {
    const saved = await send<{ saveWorkflowDraft: Made }>(
      'saveWorkflowDraft',
      'SaveWorkflowDraftInput',
      'WorkflowSuccess',
      {
        workflowId: id,
        revision,
        definition: text(value),
      },
    );
    revision = saved.saveWorkflowDraft.workflow.draft.revision;
    // The last one stays a draft.
    if (value === '3') break;
    await send('publishWorkflow', 'PublishWorkflowInput', 'WorkflowPublishedSuccess', { workflowId: id, revision });
    revision = 0;
  }

  await page.goto(`${own.url}/workflows/edit?id=${encodeURIComponent(id)}`);
  await page.getByRole('button', { name: 'More about this workflow' }).click();
  await page.getByRole('menuitem', { name: 'Discard the draft' }).click();
  const question = page.getByRole('dialog', { name: 'Discard the draft?' });
  await question.getByRole('button', { name: 'Discard draft' }).click();
  await expect(question).toBeHidden();
  await page.getByRole('button', { name: 'More about this workflow' }).click();
  await expect(page.getByRole('menuitem', { name: 'Discard the draft' })).toBeDisabled();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Versions' }).click();
  const versions = page.getByRole('dialog', { name: 'Versions' });
  await versions.getByRole('button', { name: 'Restore version 1' }).click();
  await versions.getByRole('button', { name: 'Put version 1 back' }).click();
  await expect(versions).toBeHidden();
  await expect(page.getByText('version 3', { exact: true })).toBeVisible();

  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"Shell"')) return route.continue();
    const response = await route.fetch();
    const body = (await response.text()).replace('"accessRole":"OWNER"', '"accessRole":"VIEWER"');
    await route.fulfill({ response, body });
  });
  await page.reload();
  await expect(page.getByText('You look on: members with the access role developer')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Publish', exact: true })).toBeHidden();
});

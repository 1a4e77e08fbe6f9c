import { briefTest, createDraft, importQuestions, startExperiment, waitForEnd } from '../stack/experiments.ts';
import { askGraph } from '../stack/routing-calls.ts';
import { expect, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

const addressOf = (id: string) => `/experiments?id=${encodeURIComponent(id)}`;
const items = 60;

test('a dataset is imported, a test of three variants planned and started, its interval shrinks, people vote blind, the winner is promoted and taken back', async ({
  signedInPage: page,
  stack,
}) => {
  test.setTimeout(240_000);
  await stack.setSimulator({ speed: 'Infinity' });
  await importQuestions(stack.url, 'Colleagues ask', items);

  await page.goto('/experiments');
  await expect(page.getByRole('heading', { name: 'Tests', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'New test' }).click();

  // Plan: what is asked, who is compared, on what, what counts.
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await expect(name).toHaveValue('New test');
  await expect(page.getByText('This cannot be empty.').first()).toBeVisible();
  await name.fill('Shorter answers');
  await page.getByRole('textbox', { name: 'Hypothesis' }).fill('Answers that are cut short are short enough.');
  const variants = page.getByRole('list', { name: 'Variants' });
  for (const [index, key] of ['full', 'brief'].entries())
    await page.getByRole('textbox', { name: `Key of variant ${index + 1}` }).fill(key);
  await page.getByRole('button', { name: 'Add a variant' }).click();
  await page.getByRole('textbox', { name: 'Key of variant 3' }).fill('other');
  await expect(variants.getByRole('radio', { name: 'full is the baseline' })).toBeChecked();
  for (const [key, search, option] of [
    ['full', 'gpt-4o-mini', /^GPT-4o mini/],
    ['brief', 'gpt-4o-mini', /^GPT-4o mini/],
    ['other', 'haiku-4-5', /^Claude Haiku 4.5/],
  ] as const) {
    await page.getByRole('button', { name: new RegExp(`^Model of ${key}:`) }).click();
    await page.getByRole('textbox', { name: 'Search models and providers' }).fill(search);
    await page.getByRole('option', { name: option }).first().click();
  }
  const brief = variants.getByRole('listitem').nth(1);
  await brief.getByRole('button', { name: /^Prompt, system/ }).click();
  await brief.getByRole('textbox', { name: 'Max output tokens' }).fill('40');
  await page.getByRole('button', { name: 'Add a scorer' }).click();
  await page.getByRole('menuitem', { name: /^Length/ }).click();
  await page.getByRole('list', { name: 'Scorers' }).getByRole('textbox', { name: 'At most' }).fill('60');
  // It shall see all items, so that the interval can be watched.
  await page.getByRole('switch', { name: 'Stop when a winner is clear' }).uncheck({ force: true });
  await page.getByRole('switch', { name: /^Stop when nothing that matters/ }).uncheck({ force: true });
  const plan = page.getByRole('region', { name: 'What it takes' });
  await expect(plan.getByText('This test cannot conclude')).toBeVisible({ timeout: 30_000 });
  await expect(plan).toContainText(`The dataset has ${items} items; it takes`);
  await page.getByRole('textbox', { name: 'Smallest effect that matters' }).fill('30');
  await expect(plan.getByText('This test can conclude')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('At most $1.00');
  await expect(dialog).toContainText('full openai/gpt-4o-mini, the baseline');
  await dialog.getByRole('button', { name: 'Start the test' }).click();

  // Watch: the page goes from running to its verdict without a reload, and the interval is narrower than at first.
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('brief answers better', { timeout: 120_000 });
  await expect(verdict).toContainText(`${items} of ${items}`);
  const chart = page.getByRole('slider', { name: 'Effect and interval over the items' });
  await expect(chart).toHaveAttribute('aria-valuetext', new RegExp(`^After ${items} items: brief \\+`));
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute('aria-valuetext', /^After 20 items/);
  await page.getByRole('button', { name: 'Table: how sure, over time' }).click();
  const looks = page.getByRole('region', { name: 'How sure, over time, table' }).getByRole('row');
  const widthOf = async (row: number) => {
    const text = (await looks.nth(row).getByRole('cell').nth(1).textContent()) ?? '';
    const [, low = '', high = ''] = /\(([+−]?[\d.]+) to ([+−]?[\d.]+)/.exec(text) ?? [];
    return Number(high.replace('−', '-')) - Number(low.replace('−', '-'));
  };
  const [last, first] = [await widthOf(1), await widthOf((await looks.count()) - 1)];
  expect(last).toBeGreaterThan(0);
  expect(last).toBeLessThan(first * 0.8);
  await page.getByText(/^For one look at the end/).click();
  const ordinary = page.getByRole('region', { name: 'One look at the end' });
  await expect(ordinary.getByRole('row').nth(1)).toContainText(/paired t test|McNemar/);
  expect(await violationsOf(page)).toEqual([]);

  // Vote blind, then see the ranking.
  await page.getByRole('tab', { name: 'Ranking' }).click();
  await page.getByRole('link', { name: 'Vote blind' }).click();
  const asked = page.getByRole('region', { name: 'What was asked' }).locator('p').first();
  for (let votes = 1; votes <= 3; votes += 1) {
    await expect(asked).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByText(new RegExp(`^${votes} of \\d+$`))).toBeVisible();
    await page.keyboard.press('s');
  }
  await page.goBack();
  await page.getByRole('tab', { name: 'Ranking' }).click();
  await expect(page.getByRole('heading', { name: '3 blind votes' })).toBeVisible();

  // Promote and take back.
  await page.getByRole('button', { name: 'Promote', exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'coder' }).click();
  await expect(dialog.getByRole('listitem').first()).toHaveText(/^openai\/gpt-4o-mini \(new first\)/);
  await dialog.getByRole('button', { name: 'Promote' }).click();
  const promotion = page.getByRole('region', { name: 'Promotion' });
  await expect(promotion).toContainText('brief answers first for the role coder');
  const asksOf = async () => {
    const { roles } = await askGraph(stack.url, '{ roles { name models { model parameters { maxOutputTokens } } } }');
    return roles.find((role: { name: string }) => role.name === 'coder').models;
  };
  expect((await asksOf())[0]).toEqual({ model: 'openai/gpt-4o-mini', parameters: { maxOutputTokens: 40 } });
  await promotion.getByRole('button', { name: 'Revert' }).click();
  await dialog.getByRole('button', { name: 'Revert' }).click();
  await expect(promotion).toContainText('taken back');
  expect(await asksOf()).toEqual([]);
});

test('answers are read side by side, compared word by word, rated and filtered; the report is taken along; a copy becomes a draft', async ({
  signedInPage: page,
  stack,
}) => {
  test.setTimeout(180_000);
  await stack.setSimulator({ speed: 'Infinity' });
  const version = await importQuestions(stack.url, 'Colleagues ask again', 24);
  const id = await startExperiment(stack.url, 'Cut or whole', briefTest(version));
  await waitForEnd(stack.url, id);
  await page.goto(`${addressOf(id)}&tab=answers`);
  const item = page.getByRole('list', { name: 'Items' }).locator('> li').first();
  for (const variant of ['full', 'brief', 'haiku'])
    await expect(item.getByRole('article', { name: `Answer of ${variant}` })).toBeVisible();
  await item.getByRole('button', { name: 'Word diff' }).click();
  await expect(item.getByText(/of the words in common/)).toBeVisible();
  await item.getByRole('button', { name: 'Word diff' }).click();
  const answer = item.getByRole('article', { name: 'Answer of brief' });
  const star = await answer.getByRole('radio', { name: 'brief: 4 of 5' }).getAttribute('id');
  await answer.locator(`label[for="${star}"]`).click();
  await expect
    .poll(async () => {
      const query = `query($id: ID!) { experiment(id: $id) { foundItems(shown: ALL, first: 1) {
        edges { node { answers { variant meanRating } } } } } }`;
      const { experiment } = await askGraph(stack.url, query, { id });
      const [edge] = experiment.foundItems.edges;
      return edge.node.answers.find((each: { variant: string }) => each.variant === 'brief').meanRating;
    })
    .toBe(4);
  await page.getByRole('combobox', { name: 'Which items' }).click();
  await page.getByRole('option', { name: 'Failures' }).click();
  await expect(page).toHaveURL(/shown=FAILURES/);
  await expect(page.getByText('Every answer came.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all answers' }).click();
  await expect(item).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);

  for (const [tab, words] of [
    ['Health', 'Were they treated alike?'],
    ['Plan', 'Fingerprint'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('heading', { name: words })).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
  }
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Download as Markdown' }).click();
  expect((await downloading).suggestedFilename()).toBe('cut-or-whole.md');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate as a new draft' }).click();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Cut or whole, again');
  await expect(page.getByRole('textbox', { name: 'Key of variant 3' })).toHaveValue('haiku');
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.goto(addressOf(id));
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  expect(await overflow()).toBeLessThanOrEqual(0);
});

test('what is wrong with a draft stands at its field and keeps it from being started; what somebody else saved is not written over', async ({
  signedInPage: page,
  stack,
}) => {
  const version = await importQuestions(stack.url, 'Colleagues ask once more', 20);
  const definition = briefTest(version, {
    smallestEffect: 0,
    variants: [{ key: 'full', model: 'openai/gpt-4o-mini' }],
  });
  const { id, revision } = await createDraft(stack.url, 'Not ready', definition);
  await page.goto(addressOf(id));
  const mend = page.getByRole('region', { name: /to mend$/ });
  await expect(mend).toContainText('An effect of zero cannot be found');
  await mend.getByRole('button', { name: /An effect of zero/ }).click();
  const effect = page.getByRole('textbox', { name: 'Smallest effect that matters' });
  await expect(effect).toBeFocused();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Start the test' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Definition as text' }).click();
  const text = page.getByRole('dialog').getByRole('textbox', { name: 'Definition as text' });
  await expect(text).toContainText('"baseline": "full"');
  await page.getByRole('dialog').getByText('YAML', { exact: true }).click();
  await expect(text).toContainText('baseline: full');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await effect.fill('10');
  await expect(mend).not.toContainText('An effect of zero cannot be found');

  const save = `mutation($input: SaveExperimentInput!) { saveExperiment(input: $input) { __typename } }`;
  await expect
    .poll(async () => {
      const { experiment } = await askGraph(stack.url, 'query($id: ID!) { experiment(id: $id) { revision } }', { id });
      return experiment.revision;
    })
    .toBe(revision + 1);
  await askGraph(stack.url, save, { input: { experimentId: id, revision: revision + 1, name: 'Theirs' } });
  await page.getByRole('textbox', { name: 'Hypothesis' }).fill('Mine');
  await expect(page.getByText('Somebody changed this test meanwhile')).toBeVisible();
  // The browser asks before it throws away what is not saved.
  page.on('dialog', (asked) => void asked.accept());
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Theirs');
  await page.goto(addressOf(Buffer.from('Experiment:exp_none').toString('base64')));
  await expect(page.getByRole('heading', { name: 'There is no such test' })).toBeVisible();
});

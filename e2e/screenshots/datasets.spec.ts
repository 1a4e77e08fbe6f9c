import { mkdirSync } from 'node:fs';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { runPairedTest } from '../stack/finished-test.ts';
import { sizes, themes } from '../stack/routes.ts';
import { askGraph } from '../stack/routing-calls.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
const rivers = ['Danube', 'Rhine', 'Elbe', 'Loire', 'Thames', 'Tiber', 'Vistula', 'Douro', 'Po', 'Seine'];
const lines = Array.from({ length: 120 }, (_, index) => {
  const river = rivers[index % rivers.length];
  return `q${index + 1},"Which sea does the ${river} reach, and through which countries does it flow? (${index + 1})",The ${river},${river},${index % 3 === 0 ? 'hard' : 'easy'}`;
});
const heading = 'id,question,answer,river,difficulty';
const mapping = { input: 'question', expected: 'answer', cluster: 'river', key: 'id' };

let stack: Stack;
let datasetId: string;
let experimentId: string;

const change = async (name: string, type: string, input: object, fields = '') =>
  (
    await askGraph(
      stack.url,
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ${fields} ... on UserError { message } } }`,
      { input },
    )
  )[name];

test.beforeAll(async () => {
  test.setTimeout(400_000);
  mkdirSync(folder, { recursive: true });
  stack = await startStack();
  await stack.setSimulator({ speed: 'Infinity' });
  ({ experimentId } = await runPairedTest(stack.url, 12));
  const importing = (input: object) =>
    change(
      'importDataset',
      'ImportDatasetInput',
      { format: 'CSV', mapping, ...input },
      '... on DatasetVersionSuccess { dataset { id } version { id } }',
    );
  const first = await importing({
    name: 'Rivers of Europe',
    description: 'Questions from the support desk, checked by two people',
    content: [heading, ...lines].join('\n'),
  });
  datasetId = first.dataset.id;
  const mended = lines.slice(0, 116).map((line, index) => (index === 4 ? line.replace('countries', 'towns') : line));
  const second = await importing({ datasetId, note: 'Wording mended', content: [heading, ...mended].join('\n') });
  await change('splitDataset', 'SplitDatasetInput', {
    versionId: second.version.id,
    seed: 4,
    splits: [
      { name: 'train', share: 0.6 },
      { name: 'test', share: 0.3 },
    ],
  });
  await change('createSavedScorer', 'CreateSavedScorerInput', {
    name: 'yes-or-no',
    description: 'One word, as the form wants it',
    content: { check: { type: 'regex', pattern: '^(yes|no)$' } },
  });
});
test.afterAll(() => stack.stop());

for (const theme of themes) {
  for (const size of sizes) {
    test(`datasets, votes and quality, ${theme}, ${size.width} px`, async ({ browser }) => {
      const context = await browser.newContext({
        baseURL: stack.url,
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const shoot = async (name: string) => {
        await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
        await page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      };
      await signIn(page, stack.url);
      await page.goto('/datasets');
      await expect(page.getByRole('link', { name: 'Rivers of Europe' })).toBeVisible();
      await shoot('datasets');
      const id = encodeURIComponent(datasetId);
      await page.goto(`/datasets?id=${id}`);
      await expect(page.getByRole('region', { name: 'Items' })).toBeVisible();
      await shoot('dataset');
      await page.goto(`/datasets?id=${id}&tab=versions&version=2`);
      await expect(page.getByText(/items as before/)).toBeVisible();
      await shoot('dataset-versions');
      await page.goto('/datasets?new=import');
      const broken = [heading, ...lines.slice(0, 40)]
        .join('\n')
        .replace('q4,', 'q4,,')
        .replace('The Tiber', 'The "Tiber"');
      await page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'rivers.csv', mimeType: 'text/csv', buffer: Buffer.from(broken) });
      await expect(page.getByRole('region', { name: 'First items' })).toBeVisible();
      await shoot('dataset-import');
      await page.goto(`/experiments/vote?id=${encodeURIComponent(experimentId)}`);
      await expect(page.getByRole('heading', { name: 'First answer' })).toBeVisible();
      await page.keyboard.press('ArrowLeft');
      await expect(page.getByText(/You chose the first one/).last()).toBeVisible();
      await page.keyboard.press('s');
      await expect(page.getByRole('button', { name: 'Skip' })).toBeVisible();
      await shoot('arena');
      await page.goto('/quality');
      await page.getByRole('link', { name: 'yes-or-no' }).click();
      await page.getByRole('textbox', { name: 'Answer 1' }).fill('yes');
      await page.getByRole('textbox', { name: 'Answer 2' }).fill('perhaps, if it rains');
      await expect(page.getByText('The pattern does not match.')).toBeVisible();
      await shoot('quality-scorer');
      await page.goto('/quality?tab=feedback');
      await expect(page.getByRole('heading', { name: 'No app has said anything yet' })).toBeVisible();
      await shoot('quality-feedback');
      await context.close();
    });
  }
}

import { mkdirSync } from 'node:fs';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { briefTest, createDraft, importQuestions, startExperiment, waitForEnd } from '../stack/experiments.ts';
import { sizes, themes } from '../stack/routes.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
let stack: Stack;
let ended: string;
let running: string;
let draft: string;

test.beforeAll(async () => {
  test.setTimeout(400_000);
  mkdirSync(folder, { recursive: true });
  stack = await startStack();
  await stack.setSimulator({ speed: 'Infinity' });
  const versionId = await importQuestions(stack.url, 'Questions of new colleagues', 240);
  const variants = [
    { key: 'full', model: 'openai/gpt-4o-mini' },
    { key: 'brief', model: 'openai/gpt-4o-mini', parameters: { maxOutputTokens: 120 } },
    { key: 'haiku', model: 'anthropic/claude-haiku-4-5' },
  ];
  const fine = { variants, smallestEffect: 0.06, guardrails: [{ metric: 'latencyMs', margin: 40 }] };
  const twins = {
    hypothesis: 'The cheaper model answers as reliably.',
    baseline: 'large',
    variants: [
      { key: 'large', model: 'openai/gpt-5-mini' },
      { key: 'small', model: 'openai/gpt-4o-mini' },
    ],
    source: { type: 'paired', datasetVersionId: versionId, maxItems: 40, repeats: 1 },
    primary: { metric: 'success', margin: 0.05 },
    guardrails: [],
    smallestEffect: 0.05,
  };
  await waitForEnd(
    stack.url,
    await startExperiment(stack.url, 'Is the cheap one good enough?', briefTest(versionId, twins)),
  );
  ended = await startExperiment(stack.url, 'Shorter answers for the chat', briefTest(versionId, fine));
  await waitForEnd(stack.url, ended, 300_000);
  draft = (await createDraft(stack.url, 'One model for summaries', briefTest(versionId, fine))).id;
  await stack.setSimulator({ speed: 2 });
  const tokens = { ...fine, primary: { metric: 'outputTokens' }, smallestEffect: 4, guardrails: [] };
  running = await startExperiment(stack.url, 'Who is brief without being told?', briefTest(versionId, tokens));
});
test.afterAll(() => stack.stop());

for (const theme of themes) {
  for (const size of sizes) {
    test(`tests, ${theme}, ${size.width} px`, async ({ browser }) => {
      const context = await browser.newContext({
        baseURL: stack.url,
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const shoot = async (path: string, name: string) => {
        await page.goto(path);
        await page.waitForLoadState('networkidle');
        await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
        await page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      };
      const addressOf = (id: string) => `/experiments?id=${encodeURIComponent(id)}`;
      await signIn(page, stack.url);
      await shoot('/experiments', 'tests');
      await shoot(addressOf(running), 'test-running');
      await shoot(addressOf(draft), 'test-draft');
      await shoot(addressOf(ended), 'test-result');
      await shoot(`${addressOf(ended)}&tab=answers&shown=LOSSES`, 'test-answers');
      await shoot(`${addressOf(ended)}&tab=health`, 'test-health');
      await shoot(`${addressOf(ended)}&tab=plan`, 'test-plan');
      await context.close();
    });
  }
}

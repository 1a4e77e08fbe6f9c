import { mkdirSync } from 'node:fs';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { sizes, themes } from '../stack/routes.ts';
import { askGraph } from '../stack/routing-calls.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';
import { publishWorkflow, runPath, startRun, waitForRun } from '../stack/workflow-runs.ts';

const folder = inRepository('docs/screenshots');
let stack: Stack;
let runId: string;

test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  stack = await startStack();
  await stack.setSimulator({ speed: 4 });
  const models = [{ model: 'openai/gpt-5-mini' }, { model: 'anthropic/claude-haiku-4-5' }];
  await askGraph(stack.url, 'mutation ($input: SetRoleInput!) { setRole(input: $input) { __typename } }', {
    input: { name: 'coder', models, revision: 0 },
  });
  await publishWorkflow(stack.url, {
    name: 'release-notes',
    title: 'Release notes',
    inputs: { changes: { type: 'list', items: 'string' } },
    steps: [
      {
        id: 'drafts',
        type: 'prompt',
        title: 'Two drafts',
        models: [...models].reverse(),
        strategy: 'parallel',
        prompt: 'Write release notes for:\n{{ inputs.changes | bullets }}',
      },
      {
        id: 'german',
        type: 'map',
        title: 'Each change in German',
        over: 'inputs.changes',
        do: { type: 'prompt', role: 'coder', prompt: 'Say this in German: {{ item }}' },
      },
      { id: 'best', type: 'merge', title: 'The longer draft', mode: 'best', by: 'longest', from: ['drafts'] },
      {
        id: 'enough',
        type: 'branch',
        title: 'Long enough?',
        cases: [{ when: 'size(steps.best.output) > 100000', goTo: ['shorten'] }],
        default: ['send'],
      },
      {
        id: 'shorten',
        type: 'prompt',
        title: 'Shorten',
        role: 'coder',
        prompt: 'Shorten: {{ steps.best.output }}',
      },
      {
        id: 'send',
        type: 'transform',
        title: 'Put together',
        value: '{"text": steps.best.output, "german": steps.german.output}',
      },
    ],
  });
  await stack.addFault({ vendor: 'openai', kind: 'error', status: 503, times: 3 });
  runId = await startRun(
    stack.url,
    'release-notes',
    { changes: ['Faster starts', 'Budgets hold under load', 'Runs survive a crash'] },
    { tags: ['weekly'] },
  );
  await waitForRun(stack.url, runId, ['COMPLETED', 'FAILED']);
});
test.afterAll(() => stack.stop());

for (const theme of themes) {
  for (const size of sizes) {
    test(`runs and roles, ${theme}, ${size.width} px`, async ({ browser }) => {
      const context = await browser.newContext({
        baseURL: stack.url,
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const shoot = (name: string) =>
        page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      await signIn(page, stack.url);
      await page.goto(runPath(runId, '&step=drafts'));
      await expect(page.getByRole('article').first()).toContainText('Complete');
      await shoot('run');
      await page.getByRole('tab', { name: 'Waterfall' }).click();
      await expect(page.getByRole('region', { name: 'What happened' }).getByRole('listitem').first()).toBeVisible();
      await shoot('run-waterfall');
      await page.getByRole('tab', { name: 'Models' }).click();
      await expect(page.getByRole('article').first()).toBeVisible();
      await shoot('run-models');
      await page.goto('/roles?role=coder');
      await expect(page.getByRole('region', { name: 'What it would have come to' })).toContainText('requests in');
      await shoot('role');
      await context.close();
    });
  }
}

import { mkdirSync } from 'node:fs';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { owner } from '../stack/owner.ts';
import { sizes, themes } from '../stack/routes.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
let held: Stack;
let workflowId: string;

async function ask<Data>(query: string): Promise<Data> {
  const response = await fetch(`${held.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.apiKey}` },
    body: JSON.stringify({ query }),
  });
  return ((await response.json()) as { data: Data }).data;
}

test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  held = await startStack();
  await held.setSimulator({ speed: 'Infinity' });
  for (const gallery of ['code-with-review', 'customer-inquiry', 'lead-qualification']) {
    const { made } = await ask<{ made: { workflow: { id: string } } }>(
      `mutation { made: createWorkflowFromGallery(input: { gallery: "${gallery}" }) { ... on WorkflowSuccess { workflow { id } } } }`,
    );
    if (gallery === 'code-with-review') workflowId = made.workflow.id;
  }
  await ask(
    `mutation { publishWorkflow(input: { workflowId: "${workflowId}", revision: 1 }) { __typename ... on UserError { message } } }`,
  );
});
test.afterAll(() => held.stop());

for (const theme of themes) {
  for (const size of sizes) {
    test(`workflows, ${theme}, ${size.width} px`, async ({ browser }) => {
      const context = await browser.newContext({
        baseURL: held.url,
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const shoot = async (name: string) => {
        await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
        await page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      };
      await signIn(page, held.url);
      await page.goto(`/workflows/edit?id=${encodeURIComponent(workflowId)}&step=review`);
      if (size.name === 'wide') {
        await expect(page.locator('.react-flow__node[data-id="review"]')).toBeVisible();
        await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeVisible();
        await shoot('workflow-editor');
        await page.getByRole('toolbar', { name: 'Editor' }).getByRole('button', { name: 'Run', exact: true }).click();
        await page.getByRole('button', { name: 'Fill in the example' }).click();
        await page.getByRole('button', { name: /^Run the/ }).click();
        await expect(page.getByRole('region', { name: 'Results' }).getByText('Completed', { exact: true })).toBeVisible(
          {
            timeout: 60_000,
          },
        );
        await shoot('workflow-run');
      } else {
        await expect(page.getByRole('list', { name: 'Steps' })).toBeVisible();
        await shoot('workflow-outline');
      }
      await page.goto('/workflows');
      await expect(page.getByRole('link', { name: 'Code with review' })).toBeVisible();
      await shoot('workflows');
      await page.getByRole('button', { name: 'New workflow' }).click();
      await expect(page.getByRole('radio', { name: /^Extract to JSON/ })).toBeVisible();
      await shoot('workflow-new');
      await context.close();
    });
  }
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, pinnedNode } from '../../scripts/tasks/repository.mjs';
import { sizes, themes } from '../stack/routes.ts';
import { askGraph } from '../stack/routing-calls.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
const openai = Buffer.from('Provider:openai').toString('base64');
let dataDir: string;
let stack: Stack;
let incidentId: string;

const complete = (model: string) =>
  askGraph(stack.url, 'mutation ($input: CompleteInput!) { complete(input: $input) { __typename } }', {
    input: { model, prompt: 'Say hello.' },
  });

test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  dataDir = mkdtempSync(join(tmpdir(), 'switchyard-screenshots-health-'));
  // The first start finds out which providers there are; then they get a past.
  stack = await startStack({ dataDir });
  const isKnown = async () =>
    (await askGraph(stack.url, '{ health { lastCheckAt } }')).health.every(
      ({ lastCheckAt }: { lastCheckAt: string | null }) => lastCheckAt !== null,
    );
  await expect.poll(isKnown, { timeout: 60_000 }).toBe(true);
  await stack.stop();
  execFileSync(pinnedNode(), [inRepository('scripts/fill-health-history.ts'), dataDir]);
  stack = await startStack({ dataDir });
  await stack.setSimulator({ speed: 10 });
  await askGraph(
    stack.url,
    'mutation ($input: CreateFailoverPlanInput!) { createFailoverPlan(input: $input) { __typename } }',
    {
      input: {
        name: 'Coder goes on without OpenAI',
        scope: 'role:coder',
        primary: 'openai/gpt-5-mini',
        chain: ['anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'],
        triggers: { statusFrom: 'DOWN', consecutiveFailures: 3, errorRateAbove: 0.2 },
        returning: { kind: 'AFTER_ANSWERS', answers: 3 },
      },
    },
  );
  for (let round = 0; round < 12; round += 1)
    await Promise.all(['openai/gpt-5-mini', 'openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'].map(complete));
  await stack.addFault({ vendor: 'openai', kind: 'error', status: 503 });
  await askGraph(
    stack.url,
    'mutation ($input: StartComparisonInput!) { startComparison(input: $input) { __typename } }',
    {
      input: {
        prompt: 'Why is the sky blue?',
        lanes: [
          { model: 'openai/gpt-5-mini', fallbacks: ['anthropic/claude-sonnet-4-5'] },
          { model: 'google/gemini-2.5-flash' },
        ],
      },
    },
  );
  for (let round = 0; round < 4; round += 1) await complete('openai/gpt-5-mini').catch(() => undefined);
  const findIncident = async () => {
    const { incidents } = await askGraph(
      stack.url,
      '{ incidents(first: 1, filter: { isOpen: true }) { edges { node { id } } } }',
    );
    incidentId = incidents.edges[0]?.node.id ?? '';
    return incidentId;
  };
  await expect.poll(findIncident, { timeout: 30_000 }).not.toBe('');
});
test.afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

for (const theme of themes) {
  for (const size of sizes) {
    test(`health, ${theme}, ${size.width} px`, async ({ browser }) => {
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
      await signIn(page, stack.url);
      await shoot('/health', 'health');
      await shoot(`/health?provider=${openai}`, 'health-provider');
      await shoot('/health?tab=incidents', 'health-incidents');
      await shoot('/health?tab=failover', 'failover');
      await shoot(`/health?incident=${encodeURIComponent(incidentId)}`, 'incident');
      await shoot('/home', 'overview-trouble');
      await context.close();
    });
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { runComparison } from '../stack/finished-comparison.ts';
import { sizes, themes } from '../stack/routes.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
let configuration: string;
let chained: Stack;
let comparisonId: string;

test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  configuration = mkdtempSync(join(tmpdir(), 'switchyard-screenshots-'));
  const file = join(configuration, 'switchyard.yaml');
  writeFileSync(
    file,
    'version: 1\naliases:\n  quick: google/gemini-2.5-flash\nchains:\n  resilient: [openai/gpt-5-mini, anthropic/claude-haiku-4-5]\n',
  );
  chained = await startStack({ env: { SWITCHYARD_CONFIG: file } });
  await chained.setSimulator({ speed: 10 });
  await chained.addFault({ vendor: 'openai', kind: 'cut', afterTokens: 60 });
  comparisonId = await runComparison(chained.url, 'Why is the sky blue?', ['resilient', 'quick']);
});
test.afterAll(async () => {
  await chained.stop();
  rmSync(configuration, { recursive: true });
});

for (const theme of themes) {
  for (const size of sizes) {
    test(`failover, ${theme}, ${size.width} px`, async ({ browser }) => {
      const context = await browser.newContext({
        baseURL: chained.url,
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const pathOf = (name: string) => `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png`;
      const shoot = (name: string) => page.screenshot({ path: pathOf(name) });
      await signIn(page, chained.url);
      await page.goto(`/compare?id=${encodeURIComponent(comparisonId)}`);
      await page.getByRole('button', { name: /timeline of resilient/ }).click();
      await expect(
        page.getByRole('dialog', { name: 'Timeline of resilient' }).getByRole('listitem').first(),
      ).toBeVisible();
      await shoot('timeline');
      await page.goto('/providers');
      const names = page.getByRole('region', { name: 'Aliases and chains' });
      // Not the whole page: it names the folder of the configuration file.
      await names.screenshot({ path: pathOf('provider-names') });
      await page.getByRole('button', { name: 'Break it: Anthropic' }).click();
      await expect(page.getByRole('slider').first()).toBeVisible();
      await shoot('break-provider');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add provider' }).click();
      await expect(page.getByRole('textbox', { name: 'Endpoint' })).toBeVisible();
      await shoot('provider-drawer');
      await context.close();
    });
  }
}

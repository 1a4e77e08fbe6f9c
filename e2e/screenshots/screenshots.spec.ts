import { mkdirSync } from 'node:fs';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { runComparison } from '../stack/finished-comparison.ts';
import { routes, sizes, themes } from '../stack/routes.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
const prompt =
  'Our checkout answers slowly on Monday mornings. List the three most likely causes and how to tell them apart.';
let comparisonId: string;

test.beforeAll(async ({ stack }) => {
  mkdirSync(folder, { recursive: true });
  comparisonId = await runComparison(stack.url, prompt);
});

for (const theme of themes) {
  for (const size of sizes) {
    test(`${theme}, ${size.width} px`, async ({ browser, stack }) => {
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
        if (path.includes('?id=')) await expect(page.getByText('Complete', { exact: true }).first()).toBeVisible();
        await page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      };
      for (const { path, name } of routes.filter(({ needsSession }) => !needsSession)) await shoot(path, name);
      await signIn(page, stack.url);
      for (const { path, name } of routes.filter(({ needsSession }) => needsSession)) {
        await shoot(path, name === 'compare' ? 'compare-ready' : name);
      }
      await shoot(`/compare?id=${encodeURIComponent(comparisonId)}`, 'compare');
      await context.close();
    });
  }
}

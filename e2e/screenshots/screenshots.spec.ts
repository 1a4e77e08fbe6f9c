import { mkdirSync } from 'node:fs';
import { inRepository } from '../../scripts/tasks/repository.mjs';
import { runComparison } from '../stack/finished-comparison.ts';
import { routes, sizes, themes } from '../stack/routes.ts';
import { expect, signIn, test } from '../stack/test.ts';

const folder = inRepository('docs/screenshots');
const prompt =
  'Explain to a curious ten-year-old how a railway switch moves a train from one track to another. Then give a small table that compares three kinds of switch, and a TypeScript type for a switch.';
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
        await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
        // The race can be replayed once its recording has been read.
        if (path.includes('?id=')) await expect(page.getByRole('button', { name: 'Replay' })).toBeVisible();
        await page.screenshot({ path: `${folder}/${name}-${theme}${size.name === 'narrow' ? '-narrow' : ''}.png` });
      };
      // `/setup` leads to the sign-in page here, because this stack has an owner.
      for (const { path, name } of routes.filter(({ name, needsSession }) => !needsSession && name !== 'setup'))
        await shoot(path, name);
      await signIn(page, stack.url);
      for (const { path, name } of routes.filter(({ needsSession }) => needsSession)) {
        await shoot(path, name === 'compare' ? 'compare-ready' : name);
      }
      await shoot(`/compare?id=${encodeURIComponent(comparisonId)}`, 'compare');
      await context.close();
    });
  }
}

import { AxeBuilder } from '@axe-core/playwright';
import { runComparison } from '../stack/finished-comparison.ts';
import { routes, sizes, themes } from '../stack/routes.ts';
import { expect, signIn, test } from '../stack/test.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
let comparisonId: string;

test.beforeAll(async ({ stack }) => {
  await stack.setSimulator({ speed: 'Infinity' });
  comparisonId = await runComparison(stack.url, 'Compare cats and dogs in a table.');
});

for (const theme of themes) {
  for (const size of sizes) {
    test.describe(`${theme}, ${size.width} px`, () => {
      test.use({
        colorScheme: theme,
        viewport: { width: size.width, height: size.height },
        contextOptions: { reducedMotion: 'reduce' },
      });
      const pages = [...routes, { path: '/compare?id=', name: 'finished comparison', needsSession: true }];
      for (const { path, name, needsSession } of pages) {
        test(`${name} has no accessibility violations and does not scroll sideways`, async ({ page, stack }) => {
          if (needsSession) await signIn(page, stack.url);
          await page.goto(path.endsWith('id=') ? path + encodeURIComponent(comparisonId) : path);
          await page.waitForLoadState('networkidle');
          if (path.endsWith('id=')) await expect(page.getByText('Complete', { exact: true }).first()).toBeVisible();
          const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
          expect(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
          ).toEqual([]);
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect(overflow, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
        });
      }
    });
  }
}

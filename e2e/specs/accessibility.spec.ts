import { AxeBuilder } from '@axe-core/playwright';
import { runComparison } from '../stack/finished-comparison.ts';
import { routes, sizes, themes } from '../stack/routes.ts';
import { expect, signIn, test } from '../stack/test.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const colourRules = ['color-contrast', 'link-in-text-block'];
let comparisonId: string;

test.beforeAll(async ({ stack }) => {
  await stack.setSimulator({ speed: 'Infinity' });
  comparisonId = await runComparison(stack.url, 'Compare cats and dogs in a table.');
});

test.use({ contextOptions: { reducedMotion: 'reduce' } });

// Each page is loaded once and looked at in every theme and width: loading costs more than looking.
const pages = [...routes, { path: '/compare?id=', name: 'finished comparison', needsSession: true }];
for (const { path, name, needsSession } of pages) {
  test(`${name} has no accessibility violations and does not scroll sideways`, async ({ page, stack }) => {
    if (needsSession) await signIn(page, stack.url);
    await page.goto(path.endsWith('id=') ? path + encodeURIComponent(comparisonId) : path);
    await page.waitForLoadState('networkidle');
    if (path.endsWith('id=')) await expect(page.getByText('Complete', { exact: true }).first()).toBeVisible();
    for (const size of sizes) {
      await page.setViewportSize({ width: size.width, height: size.height });
      for (const theme of themes) {
        const where = `${theme}, ${size.width} px`;
        await page.emulateMedia({ colorScheme: theme });
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
        // A theme changes colours and nothing else: what does not depend on them is asked once for each width.
        const axe = new AxeBuilder({ page });
        const { violations } = await (theme === 'light' ? axe.withTags(tags) : axe.withRules(colourRules)).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
          where,
        ).toEqual([]);
      }
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `pixels beyond the right edge at ${size.width} px`).toBeLessThanOrEqual(0);
    }
  });
}

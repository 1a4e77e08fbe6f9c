import { AxeBuilder } from '@axe-core/playwright';
import { runComparison } from '../stack/finished-comparison.ts';
import { routes, sizes, themes } from '../stack/routes.ts';
import { expect, signIn, test } from '../stack/test.ts';
import { weighScripts } from '../stack/weigh-scripts.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const colourRules = ['color-contrast', 'link-in-text-block'];
let comparisonId: string;

test.beforeAll(async ({ stack }) => {
  await stack.setSimulator({ speed: 'Infinity' });
  comparisonId = await runComparison(stack.url, 'Compare cats and dogs in a table.');
});

test.use({ contextOptions: { reducedMotion: 'reduce' } });

// Each page is loaded once, weighed, and looked at in every theme and width: loading costs more than looking.
const pages = [
  ...routes,
  { path: '/compare?id=', name: 'finished comparison', needsSession: true, budgetKilobytes: 420 },
];
for (const { path, name, needsSession, budgetKilobytes } of pages) {
  test(`${name} has no accessibility violations, does not scroll sideways and loads at most ${budgetKilobytes} kB of JavaScript`, async ({
    page,
    stack,
  }) => {
    if (needsSession) await signIn(page, stack.url);
    const weigh = weighScripts(page);
    await page.goto(path.endsWith('id=') ? path + encodeURIComponent(comparisonId) : path);
    await page.waitForLoadState('networkidle');
    const kilobytes = await weigh();
    expect.soft(kilobytes).toBeGreaterThan(0);
    expect.soft(kilobytes, 'gzipped JavaScript, kB').toBeLessThanOrEqual(budgetKilobytes);
    if (path.endsWith('id=')) await expect(page.getByText('Complete', { exact: true }).first()).toBeVisible();
    for (const size of sizes) {
      await page.setViewportSize({ width: size.width, height: size.height });
      // A theme changes colours and nothing else, a width hardly any colour: what cannot differ is asked once.
      for (const theme of size.name === 'wide' ? themes : (['dark'] as const)) {
        const where = `${theme}, ${size.width} px`;
        await page.emulateMedia({ colorScheme: theme });
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
        const axe = new AxeBuilder({ page });
        const { violations } = await (size.name === 'narrow' || theme === 'light'
          ? axe.withTags(tags)
          : axe.withRules(colourRules)
        ).analyze();
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

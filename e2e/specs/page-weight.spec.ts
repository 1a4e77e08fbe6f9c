import { gzipSync } from 'node:zlib';
import { routes } from '../stack/routes.ts';
import { expect, signIn, test } from '../stack/test.ts';

for (const { path, name, budgetKilobytes, needsSession } of routes) {
  test(`${name} loads at most ${budgetKilobytes} kB of JavaScript`, async ({ page, stack }) => {
    if (needsSession) await signIn(page, stack.url);
    const scripts = new Map<string, Promise<number>>();
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.endsWith('.js')) return;
      scripts.set(
        pathname,
        response.body().then((body) => gzipSync(body).length),
      );
    });
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(scripts.values());
    const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000;
    test
      .info()
      .annotations.push({ type: 'JavaScript', description: `${kilobytes.toFixed(0)} kB in ${sizes.length} files` });
    expect(kilobytes).toBeGreaterThan(0);
    expect(kilobytes).toBeLessThanOrEqual(budgetKilobytes);
  });
}

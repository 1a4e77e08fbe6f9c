import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

/** Counts the JavaScript that a page loads from now on. What comes back tells how much it was, gzipped, in kB. */
export function weighScripts(page: Page): () => Promise<number> {
  const scripts = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith('.js')) return;
    scripts.set(
      pathname,
      response.body().then((body) => gzipSync(body).length),
    );
  });
  return async () => (await Promise.all(scripts.values())).reduce((sum, size) => sum + size, 0) / 1000;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createAsset, type DashboardAsset } from './dashboard-asset.ts';

/** The built dashboard by URL path (`/`, `/compare`, `/_next/static/…`), and its page for unknown paths. */
export interface DashboardFiles {
  readonly assets: ReadonlyMap<string, DashboardAsset>;
  readonly notFound: DashboardAsset | undefined;
}

/**
 * Reads the static export in `folder` into memory, so that a request can only ever reach what was built, and a build
 * running meanwhile disturbs nobody. `compare.html` answers `/compare`, `index.html` its folder. Undefined when the
 * dashboard is not built.
 */
export function loadDashboard(folder: string): DashboardFiles | undefined {
  const assets = new Map<string, DashboardAsset>();
  for (const file of listFiles(folder)) {
    const path = `/${relative(folder, file).replaceAll('\\', '/')}`;
    assets.set(cleanUrl(path), createAsset(path, readFileSync(file)));
  }
  if (!assets.has('/')) return undefined;
  return { assets, notFound: assets.get('/404') };
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** `/index.html` → `/`, `/a/index.html` → `/a`, `/a.html` → `/a`, anything else as it is. */
export function cleanUrl(path: string): string {
  const clean = path.replace(/\/index\.html$/, '').replace(/\.html$/, '');
  return clean === '' ? '/' : clean;
}

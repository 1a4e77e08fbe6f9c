// Writes docs/licences.md: what is installed to run Switchyard, with its licences. Fails on a licence that nobody allowed.
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ readonly name: string, readonly version: string, readonly licence: string }} Dependency
 * @typedef {{
 *   readonly name: string, readonly version: string, readonly private?: boolean,
 *   readonly license?: string | { readonly type?: string }, readonly licenses?: readonly { readonly type: string }[],
 *   readonly dependencies?: Readonly<Record<string, string>>,
 * }} Manifest
 */

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Licences that ask for no more than their own text. Anything else is decided by a person and added here with a reason. */
export const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  // Boost, of mathematics that were translated.
  'BSL-1.0',
  'CC0-1.0',
  // Data of caniuse-lite, which is used while building and named here.
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/**
 * Whether an SPDX expression can be satisfied by allowed licences: `OR` by one side, `AND` by both.
 * @param {string} expression
 * @returns {boolean}
 */
export function isAllowed(expression) {
  const text = expression.trim().replace(/^\((.*)\)$/s, '$1');
  if (text.includes(' OR ')) return text.split(' OR ').some(isAllowed);
  if (text.includes(' AND ')) return text.split(' AND ').every(isAllowed);
  return allowed.has(text.replace(/[()]/g, '').trim());
}

/**
 * What the workspace's packages need to run, with what that needs, sorted.
 * @returns {readonly Dependency[]}
 */
export function readDependencies() {
  const found = /** @type {Map<string, Dependency>} */ (new Map());
  const seen = new Set();
  const pending = /** @type {string[]} */ ([]);
  /** @param {string} folder @param {readonly string[]} names */
  const addAll = (folder, names) => {
    for (const name of names) {
      const place = resolveFrom(folder, name);
      if (place && !seen.has(place)) {
        seen.add(place);
        pending.push(place);
      }
    }
  };
  for (const folder of ['packages/core', 'packages/api', 'packages/simulator', 'apps/switchyard', 'apps/dashboard']) {
    const manifest = readManifest(join(root, folder));
    addAll(join(root, folder), Object.keys(manifest.dependencies ?? {}));
  }
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const manifest = readManifest(place);
    if (manifest.private !== true || place.includes('node_modules')) {
      const { name, version } = manifest;
      found.set(`${name}@${version}`, { name, version, licence: licenceOf(manifest) });
    }
    addAll(place, [...Object.keys(manifest.dependencies ?? {})]);
  }
  return [...found.values()]
    .filter(({ name }) => !name.startsWith('@switchyard/'))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** @param {Manifest} manifest */
function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  if (typeof license?.type === 'string') return license.type;
  if (Array.isArray(licenses)) return licenses.map(({ type }) => type).join(' OR ');
  return 'none stated';
}

/** @param {string} folder @returns {Manifest} */
const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/**
 * Where a package finds another one: as Node looks for it, without asking for what it exports.
 * @param {string} folder
 * @param {string} name
 */
function resolveFrom(folder, name) {
  for (let at = realpathSync(folder); at !== dirname(at); at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  }
  return undefined;
}

/** The document, and what in it is not allowed. Platform packages are left out: which of them is installed differs. */
export function renderLicences() {
  const dependencies = readDependencies().filter(({ name }) => !isOfPlatform(name));
  const refused = dependencies.filter(({ licence }) => !isAllowed(licence));
  const counts = /** @type {Map<string, number>} */ (new Map());
  for (const { licence } of dependencies) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  /** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
  const table = (head, rows) => {
    const all = [head, ...rows];
    const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
    /** @param {readonly string[]} row */
    const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
  };
  const text = `# Licences of what Switchyard runs on

Written by \`node scripts/write-licences.mjs\`; a test fails when it differs from what is installed, or when a licence appears that is
not on the list in that script. Packages that exist once for each platform are left out.

${table(
  ['licence', 'packages'],
  byCount.map(([licence, count]) => [licence, String(count)]),
)}

${table(
  ['package', 'version', 'licence'],
  dependencies.map(({ name, version, licence }) => [name, version, licence]),
)}
`;
  return { text, refused };
}

/** @param {string} name */
function isOfPlatform(name) {
  return /(^|[-/])(linux|darwin|win32|android|freebsd|musl|gnu|x64|arm64)([-/]|$)/.test(name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, refused } = renderLicences();
  for (const { name, version, licence } of refused)
    console.error(`${name} ${version} has the licence "${licence}", which nobody allowed.`);
  if (refused.length > 0) process.exit(1);
  writeFileSync(join(root, 'docs/licences.md'), text);
}

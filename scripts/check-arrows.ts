// Checks the direction of dependencies and the shape of files against architecture.json.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Architecture, SourceFile } from './arrows/architecture.ts';
import { checkSources } from './arrows/check-sources.ts';

const root = resolve(import.meta.dirname, '..');
const architecture: Architecture = JSON.parse(readFileSync(join(root, 'architecture.json'), 'utf8'));
const ignored = new Set(architecture.ignore);
const isSource = (name: string) => /\.(ts|tsx|mjs)$/.test(name) && !/\.(d|generated)\.ts$/.test(name);

function* readSources(folder: string): Generator<SourceFile> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !ignored.has(entry.name)) yield* readSources(path);
    else if (entry.isFile() && isSource(entry.name)) {
      yield { path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') };
    }
  }
}

const files = [...Object.keys(architecture.packages), 'prisma'].flatMap((folder) => [
  ...readSources(join(root, folder)),
]);
const violations = checkSources(architecture, files);
for (const { path, line, rule, message } of violations) console.error(`${path}:${line}  ${rule}: ${message}`);
console.log(
  violations.length === 0
    ? `Arrows: ${files.length} files, all dependencies point the right way.`
    : `Arrows: ${violations.length} violations in ${files.length} files.`,
);
process.exitCode = violations.length === 0 ? 0 : 1;

import { posix } from 'node:path';
import type { Architecture, Violation } from '../architecture.ts';
import type { ParsedSource } from '../source-graph.ts';

/** No junk-drawer names, no long files, relative imports with their extension. */
export function checkFileShape(architecture: Architecture, sources: readonly ParsedSource[]): readonly Violation[] {
  return sources.flatMap((source) => [
    ...checkNames(architecture, source),
    ...checkLength(architecture, source),
    ...checkExtensions(source),
  ]);
}

function checkNames({ forbiddenFileNames }: Architecture, { path }: ParsedSource): Violation[] {
  const names = path.split('/').map((part) => part.replace(/(?<=.)\..*$/, '').toLowerCase());
  const bad = names.find((name) => forbiddenFileNames.includes(name));
  if (bad === undefined) return [];
  return [
    { path, line: 1, rule: 'file-names', message: `"${bad}" says nothing: name the file after what it exports.` },
  ];
}

function checkLength({ maxLines }: Architecture, { path, text }: ParsedSource): Violation[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines <= maxLines) return [];
  return [
    {
      path,
      line: maxLines + 1,
      rule: 'file-length',
      message: `${lines} lines, at most ${maxLines}: split it by duty.`,
    },
  ];
}

function checkExtensions({ path, imports }: ParsedSource): Violation[] {
  if (path.endsWith('.mjs')) return [];
  return imports
    .filter(({ specifier, isRelative }) => isRelative && posix.extname(specifier) === '')
    .map(({ specifier, line }) => ({
      path,
      line,
      rule: 'import-extensions',
      message: `"${specifier}" lacks its extension: write "${specifier}.ts".`,
    }));
}

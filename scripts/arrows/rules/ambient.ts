import { type Architecture, isBelow, isTest, type Violation } from '../architecture.ts';
import { lineAt } from '../scan-imports.ts';
import type { ParsedSource } from '../source-graph.ts';

/** What gives time, chance or surroundings without being asked for. `new Date(value)`, `Date.parse` and `Date.UTC` are pure. */
const ambient: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  {
    pattern:
      /(?<![\w$.])Date\.now\b|(?<![\w$.])new\s+Date\s*(?:\(\s*\)|(?![\w$(.<\s]))|(?<![\w$.])(?<!new\s)Date\(\s*\)/g,
    instead: 'the Clock port',
  },
  { pattern: /(?<![\w$.])performance\s*\.\s*(?:now|timeOrigin|timing)\b/g, instead: 'the Clock port' },
  {
    pattern: /(?<![\w$.])(?:setTimeout|setInterval|setImmediate)\s*\(|(?<![\w$.])AbortSignal\.timeout\b/g,
    instead: 'the Clock port',
  },
  { pattern: /(?<![\w$.])Math\.random\b/g, instead: 'the Random port' },
  {
    pattern: /(?<![\w$.])(?:crypto\.)?(?:randomUUID|randomBytes|randomInt|getRandomValues)\s*\(/g,
    instead: 'the Ids or the Random port',
  },
  { pattern: /(?<![\w$.])process\s*\.\s*\w+|(?<![\w$.])globalThis\.process\b/g, instead: 'a parameter' },
];

const ambientModules = new Set([
  'node:process',
  'node:timers',
  'node:timers/promises',
  'node:perf_hooks',
  'process',
  'timers',
]);

/** Time, chance and ids come into core from outside; `process.env` is read in few places. */
export function checkAmbient(architecture: Architecture, sources: readonly ParsedSource[]): readonly Violation[] {
  return sources.flatMap((source) => [...checkCore(architecture, source), ...checkEnvironment(architecture, source)]);
}

function checkCore({ core }: Architecture, source: ParsedSource): Violation[] {
  if (!isBelow(source.path, core.sources) || source.path === core.ambientOnlyIn || isTest(source.path)) return [];
  const uses = ambient.flatMap(({ pattern, instead }) =>
    [...source.masked.matchAll(pattern)].map((match) => ({
      path: source.path,
      line: lineAt(source.masked, match.index),
      rule: 'ambient',
      message: `"${match[0].trim()}" is allowed in ${core.ambientOnlyIn} alone: take ${instead} instead.`,
    })),
  );
  const imports = source.imports
    .filter(({ specifier }) => ambientModules.has(specifier))
    .map(({ specifier, line }) => ({
      path: source.path,
      line,
      rule: 'ambient',
      message: `"${specifier}" is allowed in ${core.ambientOnlyIn} alone.`,
    }));
  return [...uses, ...imports];
}

function checkEnvironment(architecture: Architecture, source: ParsedSource): Violation[] {
  const { path, masked } = source;
  if (isTest(path) || architecture.environmentOnlyIn.some((place) => isBelow(path, place))) return [];
  return [...masked.matchAll(/(?<![\w$.])process\s*\.\s*env\b/g)].map((match) => ({
    path,
    line: lineAt(masked, match.index),
    rule: 'environment',
    message: `process.env is read only in ${architecture.environmentOnlyIn.join(', ')}: take the setting as a parameter.`,
  }));
}

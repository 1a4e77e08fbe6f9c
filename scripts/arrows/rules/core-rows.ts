import { type Architecture, isBelow, isTest, type Violation } from '../architecture.ts';
import type { ParsedSource, SourceImport } from '../source-graph.ts';

/** In core a module imports lower rows only, through their index.ts; modules in one row are strangers. */
export function checkCoreRows(architecture: Architecture, sources: readonly ParsedSource[]): readonly Violation[] {
  const { core } = architecture;
  return sources
    .filter(({ path }) => isBelow(path, core.sources))
    .flatMap((source) => {
      const home = moduleOf(architecture, source.path);
      if (home === undefined) {
        return [report(source, 1, `core has no root barrel: a file belongs into a module below ${core.sources}.`)];
      }
      if (home !== core.testOnly && rowOf(architecture, home) === undefined) {
        return [report(source, 1, `module "${home}" stands in no row of architecture.json: add it there.`)];
      }
      return source.imports.flatMap((entry) => checkImport(architecture, source, home, entry));
    });
}

function checkImport(architecture: Architecture, source: ParsedSource, home: string, entry: SourceImport): Violation[] {
  const { core } = architecture;
  const { specifier, line, target } = entry;
  if (specifier.startsWith('@switchyard/core')) {
    return [report(source, line, `core imports itself by relative paths, not as "${specifier}".`)];
  }
  if (target === undefined || !isBelow(target, core.sources)) return [];
  const other = moduleOf(architecture, target);
  if (other === undefined || other === home) return [];
  const isTestCode = isTest(source.path);
  if (target === core.ambientOnlyIn) {
    return isTestCode ? [] : [report(source, line, `${target} is wired in from outside core: take it as a parameter.`)];
  }
  const problems: Violation[] = [];
  // Contract suites stay out of the index of testing: who wants a fake should not have to load a test runner.
  const mayEnter = other === core.testOnly && isTestCode;
  if (!mayEnter && target !== `${core.sources}/${other}/index.ts`) {
    problems.push(
      report(source, line, `"${specifier}" goes around the door of ${other}: import ../${other}/index.ts.`),
    );
  }
  if (other === core.testOnly) {
    if (!isTestCode) problems.push(report(source, line, `${core.testOnly} is for tests only.`));
    return problems;
  }
  if (home === core.testOnly) return problems;
  const homeRow = rowOf(architecture, home) ?? 0;
  const otherRow = rowOf(architecture, other) ?? 0;
  if (otherRow >= homeRow) {
    const relation = otherRow === homeRow ? 'in the same row' : 'in a higher row';
    problems.push(report(source, line, `${home} must not import ${other}, which stands ${relation}.`));
  }
  return problems;
}

function moduleOf(architecture: Architecture, path: string): string | undefined {
  const parts = path.slice(architecture.core.sources.length + 1).split('/');
  return parts.length > 1 ? parts[0] : undefined;
}

function rowOf(architecture: Architecture, module: string): number | undefined {
  const row = architecture.core.rows.findIndex((modules) => modules.includes(module));
  return row === -1 ? undefined : row;
}

const report = (source: ParsedSource, line: number, message: string): Violation => ({
  path: source.path,
  line,
  rule: 'core-rows',
  message,
});

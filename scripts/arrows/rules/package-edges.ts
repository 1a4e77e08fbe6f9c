import { type Architecture, isBelow, isTest, type Violation } from '../architecture.ts';
import type { ParsedSource } from '../source-graph.ts';

/** Packages import only the packages that architecture.json allows, by name, and externals only where they belong. */
export function checkPackageEdges(architecture: Architecture, sources: readonly ParsedSource[]): readonly Violation[] {
  return sources.flatMap((source) => [
    ...checkWorkspaceImports(architecture, source),
    ...checkExternals(architecture, source),
  ]);
}

function checkWorkspaceImports(architecture: Architecture, source: ParsedSource): Violation[] {
  const home = Object.entries(architecture.packages).find(([folder]) => isBelow(source.path, folder));
  if (!home) return [];
  const [folder, edges] = home;
  const allowed = isTest(source.path) ? [...edges.imports, ...edges.testImports] : edges.imports;
  const testing = `@switchyard/core/${architecture.core.testOnly}`;
  return source.imports.flatMap(({ specifier, target, isRelative, line }) => {
    const violation = (message: string) => [{ path: source.path, line, rule: 'package-edges', message }];
    if (isRelative) {
      const open = [folder, ...(edges.reachesInto ?? [])];
      return target === undefined || open.some((place) => isBelow(target, place))
        ? []
        : violation(`"${specifier}" reaches into another package: import it by its name.`);
    }
    if (!specifier.startsWith('@switchyard/')) return [];
    const name = specifier.split('/').slice(0, 2).join('/');
    if (!allowed.includes(name)) {
      const list = allowed.length === 0 ? 'no other package' : `only ${allowed.join(', ')}`;
      return violation(`${folder} must not import ${name}: it may import ${list}.`);
    }
    if (specifier === testing && !isTest(source.path) && folder !== 'bench') {
      return violation(`${testing} is for tests only.`);
    }
    return [];
  });
}

const matches = (specifier: string, pattern: string): boolean =>
  pattern.endsWith('/*')
    ? specifier.startsWith(pattern.slice(0, -1))
    : specifier === pattern || specifier.startsWith(`${pattern}/`);

function checkExternals(architecture: Architecture, source: ParsedSource): Violation[] {
  return architecture.externals.flatMap(({ packages, onlyIn, neverIn }) =>
    source.imports
      .filter(({ specifier }) => packages.some((pattern) => matches(specifier, pattern)))
      .filter(() => {
        if (onlyIn) return !onlyIn.some((folder) => isBelow(source.path, folder));
        return (neverIn ?? []).some((folder) => isBelow(source.path, folder)) && !isTest(source.path);
      })
      .map(({ specifier, line }) => ({
        path: source.path,
        line,
        rule: 'externals',
        message: onlyIn
          ? `"${specifier}" may be imported only in ${onlyIn.join(', ')}.`
          : `"${specifier}" must not be imported here.`,
      })),
  );
}

import type { Architecture, SourceFile, Violation } from './architecture.ts';
import { checkAmbient } from './rules/ambient.ts';
import { checkCoreRows } from './rules/core-rows.ts';
import { checkCycles } from './rules/cycles.ts';
import { checkFileShape } from './rules/file-shape.ts';
import { checkPackageEdges } from './rules/package-edges.ts';
import { parseSources } from './source-graph.ts';

const rules = [checkPackageEdges, checkCoreRows, checkAmbient, checkFileShape, checkCycles];

/** Every breach of the architecture in `files`, by path and line. Pure: reads nothing but its arguments. */
export function checkSources(architecture: Architecture, files: readonly SourceFile[]): readonly Violation[] {
  const sources = parseSources(files);
  return rules
    .flatMap((rule) => rule(architecture, sources))
    .sort((left, right) => left.path.localeCompare(right.path) || left.line - right.line);
}

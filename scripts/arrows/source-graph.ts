import { posix } from 'node:path';
import type { SourceFile } from './architecture.ts';
import { maskSource } from './mask-source.ts';
import { type ImportStatement, scanImports } from './scan-imports.ts';

export interface SourceImport extends ImportStatement {
  /** The path of the imported file when it is one of ours and exists, otherwise undefined. */
  readonly target: string | undefined;
  readonly isRelative: boolean;
}

export interface ParsedSource extends SourceFile {
  /** The text without comments and without the insides of strings. */
  readonly masked: string;
  readonly imports: readonly SourceImport[];
}

const extensions = ['', '.ts', '.tsx', '.mjs', '/index.ts'];

/** Reads every file's imports and resolves the relative ones. */
export function parseSources(files: readonly SourceFile[]): readonly ParsedSource[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.map((file) => {
    const masked = maskSource(file.text);
    const imports = scanImports(file.text, masked).map((statement) => {
      const isRelative = /^\.\.?(\/|$)/.test(statement.specifier);
      if (!isRelative) return { ...statement, isRelative, target: undefined };
      const base = posix.join(posix.dirname(file.path), statement.specifier);
      return { ...statement, isRelative, target: extensions.map((end) => base + end).find((path) => paths.has(path)) };
    });
    return { ...file, masked, imports };
  });
}

export interface ImportStatement {
  readonly specifier: string;
  readonly line: number;
  /** `import type` and `export type`: gone at run time. */
  readonly isTypeOnly: boolean;
}

const statementPattern = /(?<![\w$.])(import|export)\b(\s+type\b(?!\s*(?:,|from\b)))?[^;'"`()=]*?\bfrom\s*(['"])/g;
const bareImportPattern = /(?<![\w$.])import\s*(['"])/g;
const callPattern = /(?<![\w$.])(?:import|require|require\.resolve)\s*\(\s*(['"])/g;

/**
 * Every module that a source names in `import`, `export … from`, `import()` and `require()`.
 * @param text the source
 * @param masked the same text from `maskSource`, in which strings are blanked
 */
export function scanImports(text: string, masked: string): readonly ImportStatement[] {
  const found: ImportStatement[] = [];
  const collect = (pattern: RegExp, typeGroup: number | undefined) => {
    for (const match of masked.matchAll(pattern)) {
      const open = match.index + match[0].length;
      const close = masked.indexOf(match.at(-1) as string, open);
      if (close === -1) continue;
      found.push({
        specifier: text.slice(open, close),
        line: lineAt(text, match.index),
        isTypeOnly: typeGroup !== undefined && match[typeGroup] !== undefined,
      });
    }
  };
  collect(statementPattern, 2);
  collect(bareImportPattern, undefined);
  collect(callPattern, undefined);
  return found;
}

/** The line, from 1, of a position. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let index = text.indexOf('\n'); index !== -1 && index < position; index = text.indexOf('\n', index + 1))
    line += 1;
  return line;
}

import { resolve } from 'node:path';
import { type PriceTableProblem, readPriceTable } from '@switchyard/core/catalog';
import type { ConfigurationProblem } from '@switchyard/core/provisioning';
import type { Surroundings } from './command.ts';
import { readText } from './configuration-file.ts';

/** The price table of MODEL_PRICING_TABLE_PATH as a command finds it. */
export interface PriceTableFinding {
  /** As the variable names it. */
  readonly shownPath: string;
  /** Empty when it cannot be read. */
  readonly text: string;
  readonly problems: readonly PriceTableProblem[];
  readonly priceCount: number;
}

/** Reads the table; undefined when the variable is not set. */
export function readPriceTableFile({ environment, workingDirectory }: Surroundings): PriceTableFinding | undefined {
  const shownPath = environment.MODEL_PRICING_TABLE_PATH?.trim();
  if (!shownPath) return undefined;
  const source = readText({ shownPath, path: resolve(workingDirectory, shownPath), isNamed: true });
  if ('problem' in source) {
    const message = `${source.problem.replace(/\.$/, '')}. Put it there, or correct MODEL_PRICING_TABLE_PATH.`;
    return { shownPath, text: '', problems: [{ path: '', line: 1, message }], priceCount: 0 };
  }
  const { overrides, problems } = readPriceTable(source.text, shownPath);
  return { shownPath, text: source.text, problems, priceCount: overrides.length };
}

/** The same problems in the form in which those of the configuration file are shown. */
export function toFileProblems({ text, problems }: PriceTableFinding): readonly ConfigurationProblem[] {
  const lines = text.split(/\r\n|\r|\n/);
  return problems.map(({ path, line, message }) => ({
    severity: 'error',
    code: 'INVALID_VALUE',
    message,
    path,
    position: { line, column: 1 + (/^[\s-]*/.exec(lines[line - 1] ?? '')?.[0].length ?? 0) },
  }));
}

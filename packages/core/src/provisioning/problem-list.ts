import type { Configuration, ConfigurationProblem, SourcePosition } from './configuration.ts';
import type { ConfigurationProblemCode } from './problem-code.ts';
import type { ReportOptions } from './section.ts';
import type { SourceDocument, SourceProblem, SourceSpot } from './source/source-document.ts';
import { formatPath, pathKey, type SourcePath } from './source/source-path.ts';

/** More than a person would read. */
const maxProblems = 500;

/** Collects the problems of one file and gives each its place. */
export class ProblemList {
  readonly #source: SourceDocument;
  readonly #problems: ConfigurationProblem[] = [];
  readonly #paths = new Set<string>();

  constructor(source: SourceDocument) {
    this.#source = source;
  }

  add(code: ConfigurationProblemCode, path: SourcePath, message: string, options: ReportOptions = {}): void {
    const { severity = 'error', spot = 'value', suggestion } = options;
    this.addSourceProblem({
      severity,
      code,
      message,
      path,
      position: this.locate(path, spot),
      ...(suggestion !== undefined && { suggestion }),
    });
  }

  addSourceProblem({ path, ...problem }: SourceProblem): void {
    this.#paths.add(pathKey(path));
    this.#problems.push({ ...problem, path: formatPath(path) });
  }

  hasProblemAt(path: SourcePath): boolean {
    return this.#paths.has(pathKey(path));
  }

  locate(path: SourcePath, spot?: SourceSpot): SourcePosition {
    return this.#source.locate(path, spot);
  }

  /** All problems in the order of the file, and the configuration when none of them is an error. */
  finish(configuration?: Configuration): {
    readonly configuration: Configuration | undefined;
    readonly problems: readonly ConfigurationProblem[];
  } {
    const sorted = this.#problems.toSorted(
      (a, b) => a.position.line - b.position.line || a.position.column - b.position.column,
    );
    const hasError = sorted.some(({ severity }) => severity === 'error');
    const problems =
      sorted.length > maxProblems ? [...sorted.slice(0, maxProblems), this.#tooMany(sorted, hasError)] : sorted;
    return { configuration: hasError ? undefined : configuration, problems };
  }

  #tooMany(sorted: readonly ConfigurationProblem[], hasError: boolean): ConfigurationProblem {
    return {
      severity: hasError ? 'error' : 'warning',
      code: 'TOO_MANY_PROBLEMS',
      message: `${sorted.length - maxProblems} more problems are not shown.`,
      path: '',
      position: sorted[maxProblems]?.position ?? { line: 1, column: 1 },
    };
  }
}

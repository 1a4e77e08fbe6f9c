import type { SourcePosition } from '../configuration.ts';
import type { ConfigurationProblemCode } from '../problem-code.ts';
import type { SourcePath } from './source-path.ts';

/** A problem of the text itself, at a place of it. */
export interface SourceProblem {
  readonly severity: 'error' | 'warning';
  readonly code: ConfigurationProblemCode;
  readonly message: string;
  readonly path: SourcePath;
  readonly position: SourcePosition;
  readonly suggestion?: string;
}

/** Whether the key or the value of an entry is meant; a list item has no key of its own. */
export type SourceSpot = 'key' | 'value';

/** A file as plain values, with the way back from every value to its place. */
export interface SourceDocument {
  /**
   * Maps are objects without a prototype, lists are arrays. An entry without a value (`limits:`) is present and
   * undefined. Undefined as a whole when the file is empty or cannot be parsed.
   */
  readonly value: unknown;
  readonly problems: readonly SourceProblem[];
  /** The place of `path`, or of the nearest thing above it that is in the file. */
  locate(path: SourcePath, spot?: SourceSpot): SourcePosition;
}

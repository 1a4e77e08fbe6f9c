import type { z } from 'zod';
import type { Configuration, SourcePosition } from './configuration.ts';
import type { ConfigurationProblemCode } from './problem-code.ts';
import type { SourceSpot } from './source/source-document.ts';
import type { SourcePath } from './source/source-path.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReportOptions {
  /** `error` when absent. */
  readonly severity?: 'error' | 'warning';
  /** `value` when absent. */
  readonly spot?: SourceSpot;
  readonly suggestion?: string | undefined;
}

/** What a section may ask and tell while it reads. Paths are those of the value that it was given, from the file's root. */
export interface SectionContext {
  /** The value of a variable; undefined when unset or empty. */
  readVariable(name: string): string | undefined;
  /** Whether the file has a provider, alias or chain of this name, even one that is too wrong to be read. */
  isDeclared(name: string): boolean;
  /** Whether the file is wrong at exactly this place, so that what stands there is a placeholder or left out. */
  isBroken(path: SourcePath): boolean;
  report(code: ConfigurationProblemCode, path: SourcePath, message: string, options?: ReportOptions): void;
  positionOf(path: SourcePath, spot?: SourceSpot): SourcePosition;
}

/** One top-level key of the file: its shape, and what becomes of it. To add one, write a file and name it in `sections.ts`. */
export interface Section<Value> {
  readonly key: string;
  readonly schema: z.ZodType<Value>;
  /** A value to check the rest with when the field at `path` (from the root) is missing or wrong. */
  placeholderAt?(path: SourcePath): unknown;
  /** Turns what has the right shape into its part of the configuration. Sections before this one are in `soFar`. */
  read(value: Value, context: SectionContext, soFar: Configuration): Partial<Configuration>;
  /** Judges what depends on other sections, once all are read. */
  check?(value: Value, context: SectionContext, configuration: Configuration): void;
}

/** A section whose value type is known to itself alone. */
export type AnySection = Section<unknown>;

/** Hides the value type, which the section's own schema vouches for. */
export const defineSection = <Value>(section: Section<Value>): AnySection => section as AnySection;

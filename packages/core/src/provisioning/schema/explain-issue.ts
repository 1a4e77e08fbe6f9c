import type { z } from 'zod';
import { nearestName } from '../../kernel/index.ts';
import type { ConfigurationProblemCode } from '../problem-code.ts';
import type { SourceSpot } from '../source/source-document.ts';
import type { SourcePath } from '../source/source-path.ts';
import { describeValue, looksSecret } from './describe-value.ts';
import { readAt } from './parse-leniently.ts';

/** A problem before its place in the text is looked up. */
export interface ExplainedIssue {
  readonly code: ConfigurationProblemCode;
  readonly message: string;
  readonly path: SourcePath;
  readonly spot: SourceSpot;
  readonly suggestion?: string;
}

/** Says what a schema found in words for the author of the file. `input` is the whole file as plain values. */
export function explainIssue(issue: z.core.$ZodIssue, input: unknown): readonly ExplainedIssue[] {
  const path = issue.path as SourcePath;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => explainUnknownField(key, path, issue.message.split(',')));
  }
  if (issue.code === 'invalid_key') {
    const what = issue.issues[0]?.message ?? 'a name';
    const message = `${JSON.stringify(String(path.at(-1)).slice(0, 80))} cannot be a name: it must be ${what} characters.`;
    return [{ code: 'INVALID_ID', message, path, spot: 'key' }];
  }
  const found = readAt(input, path);
  const name = nameOf(path);
  if (found === undefined) {
    const message = `${name} is missing: it must be ${issue.message}.`;
    return [{ code: 'MISSING_FIELD', message, path, spot: 'key' }];
  }
  const message = `${name} must be ${issue.message}, but it is ${describeValue(found, path)}.`;
  const suggestion = suggestFor(issue, found);
  const code = path.length === 1 && path[0] === 'version' ? 'UNSUPPORTED_VERSION' : codeOf(issue, found);
  return [{ code, message, path, spot: 'value', ...(suggestion !== undefined && { suggestion }) }];
}

function explainUnknownField(key: string, parent: SourcePath, known: readonly string[]): ExplainedIssue {
  const shown = looksSecret(key) ? 'This' : JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
  const place = parent.length === 0 ? 'at the top of the file' : `in ${nameOf(parent).replace(/^Entry/, 'entry')}`;
  const near = nearestName(key, known);
  return {
    code: 'UNKNOWN_FIELD',
    message: `${shown} is not a known field ${place}.`,
    path: [...parent, key],
    spot: 'key',
    suggestion: near === undefined ? `Known fields are ${known.join(', ')}.` : `Did you mean "${near}"?`,
  };
}

function codeOf(issue: z.core.$ZodIssue, found: unknown): ConfigurationProblemCode {
  if (issue.code === 'invalid_value') return 'UNKNOWN_VALUE';
  if (issue.code === 'invalid_type') {
    // `1.5` where a whole number is wanted, `.nan`, `.inf`.
    const wantsNumber = issue.expected === 'int' || issue.expected === 'number';
    return typeof found === 'number' && wantsNumber ? 'OUT_OF_RANGE' : 'WRONG_TYPE';
  }
  if (typeof found === 'number') return 'OUT_OF_RANGE';
  if (issue.code === 'invalid_union') return typeof found === 'string' ? 'INVALID_VALUE' : 'WRONG_TYPE';
  return Array.isArray(found) ? 'OUT_OF_RANGE' : 'INVALID_VALUE';
}

function suggestFor(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (issue.code === 'invalid_value' && typeof found === 'string') {
    const near = nearestName(found, issue.values.map(String));
    return near === undefined ? undefined : `Did you mean "${near}"?`;
  }
  if (
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    (typeof found === 'number' || typeof found === 'boolean')
  ) {
    return 'Put the value into quotes.';
  }
  return undefined;
}

/** `base_url`, `providers[1]`: the last name on the way, with the index behind it. */
function nameOf(path: SourcePath): string {
  const last = path.at(-1);
  if (last === undefined) return 'The file';
  if (typeof last === 'string') return `"${last.length > 60 ? `${last.slice(0, 60)}…` : last}"`;
  const list = path.findLast((step) => typeof step === 'string');
  return list === undefined ? `Entry ${last + 1}` : `Entry ${last + 1} of "${list}"`;
}

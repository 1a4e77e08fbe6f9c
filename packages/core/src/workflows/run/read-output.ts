import type { CallSpec } from '../definition/workflow-definition.ts';
import { toPlainValue, ValueTooLarge } from '../values/bounded-value.ts';
import { checkAgainstSchema } from '../values/json-schema.ts';

/** What an answer is worth to the step: its value, or in words why it is not what was promised. */
export type ReadOutput =
  | { readonly isValid: true; readonly value: unknown }
  | { readonly isValid: false; readonly problem: string };

/**
 * Reads a model's answer as the step's `output` promises it. For JSON a fence around it and words before and after are
 * looked through, because models add them; a cut or wrong answer is a problem, never half a value.
 */
export function readOutput(text: string, output: CallSpec['output']): ReadOutput {
  if (output?.format !== 'json') return { isValid: true, value: text };
  const parsed = parseJson(text);
  if (parsed === undefined) return { isValid: false, problem: 'The answer is not JSON.' };
  let value: unknown;
  try {
    value = toPlainValue(parsed.value);
  } catch (error) {
    if (error instanceof ValueTooLarge) return { isValid: false, problem: error.message };
    throw error;
  }
  if (!output.schema && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    return { isValid: false, problem: 'The answer is JSON, but not an object.' };
  }
  const complaints = output.schema ? checkAgainstSchema(value, output.schema) : [];
  if (complaints.length > 0) return { isValid: false, problem: complaints.join(' ') };
  return { isValid: true, value };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  const trimmed = text.trim();
  const fenced = /^```[a-z]*\n([\s\S]*)\n```$/i.exec(trimmed)?.[1];
  const candidates = [trimmed, fenced, between(trimmed, '{', '}'), between(trimmed, '[', ']')];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      return { value: JSON.parse(candidate) };
    } catch {
      // The next reading may fit.
    }
  }
  return undefined;
}

function between(text: string, open: string, close: string): string | undefined {
  const start = text.indexOf(open);
  const end = text.lastIndexOf(close);
  return start >= 0 && end > start ? text.slice(start, end + 1) : undefined;
}

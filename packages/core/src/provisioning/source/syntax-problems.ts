import type { YAMLError } from 'yaml';

/** Sentences for what the parser finds most often; the others keep its own words. */
const sentences: Readonly<Partial<Record<YAMLError['code'], readonly [message: string, suggestion: string]>>> = {
  TAB_AS_INDENT: ['A tab is used for indentation, which YAML does not allow.', 'Indent with spaces.'],
  MULTIPLE_DOCS: ['The file holds more than one document.', 'Remove the lines that consist of "---" or "...".'],
  BLOCK_AS_IMPLICIT_KEY: [
    'A second "key: value" begins on this line.',
    'Put it on a line of its own, or quote the value when its colon belongs to the text.',
  ],
  BAD_SCALAR_START: ['A value cannot begin with this character.', 'Put the value into quotes.'],
  MISSING_CHAR: ['A quote, bracket or comma is missing.', 'Close what was opened before this place.'],
  BAD_INDENT: [
    'The indentation does not fit.',
    'Indent items of one list or map alike, deeper than what they belong to.',
  ],
  TAG_RESOLVE_FAILED: ['A tag ("!name") stands before this value, which means nothing here.', 'Remove the tag.'],
  RESOURCE_EXHAUSTION: ['The file is nested too deeply.', 'A configuration needs no more than about ten levels.'],
};

/** What to tell a person about an error of the YAML parser, without quoting the file. */
export function explainSyntax(error: YAMLError, line: string): { message: string; suggestion?: string } {
  const known = sentences[error.code];
  if (known) return { message: known[0], suggestion: known[1] };
  // Quoted pieces of the file may be secrets.
  const words = error.message
    .replace(/"(?:[^"\\]|\\.)*"?/g, '…')
    .replace(/\s+/g, ' ')
    .slice(0, 200);
  const message = `This is not valid YAML: ${words}${/[.…]$/.test(words) ? '' : '.'}`;
  if (/^\s*\t/.test(line)) return { message, suggestion: 'Indent with spaces, not tabs.' };
  return { message, suggestion: 'Check indentation, colons, dashes and quotes on this line and the one before.' };
}

import type { ConfigurationProblem } from '@switchyard/core/provisioning';
import { maskSourceLine } from './mask-source-line.ts';
import type { Palette } from './palette.ts';
import { printableText } from './printable-text.ts';

const widestLine = 120;

/** Problems for people: place and sentence, the line with a caret below it, what to do; a summary at the end. */
export function renderProblems(
  shownPath: string,
  text: string,
  problems: readonly ConfigurationProblem[],
  palette: Palette,
): string {
  const lines = text.split(/\r\n|\r|\n/);
  const blocks = problems.map((problem) => {
    const { position, severity, message, suggestion, code } = problem;
    const word = severity === 'error' ? palette.bad('error') : palette.doubtful('warning');
    return [
      `${palette.strong(`${shownPath}:${position.line}:${position.column}`)} ${word} ${printableText(message)} ${palette.faint(`(${code})`)}`,
      ...renderLine(lines[position.line - 1] ?? '', problem, palette),
      ...(suggestion === undefined ? [] : [`  ${printableText(suggestion)}`]),
    ].join('\n');
  });
  return [...blocks, summarise(problems, shownPath)].join('\n\n');
}

function renderLine(line: string, problem: ConfigurationProblem, palette: Palette): readonly string[] {
  if (line.trim() === '') return [];
  const caretAt = problem.position.column - 1;
  // A window around the place, when the line is too long to be shown whole.
  const from = caretAt < widestLine - 20 ? 0 : caretAt - 40;
  const shown = printableText(maskSourceLine(line, problem).slice(from, from + widestLine)).trimEnd();
  return [`    ${shown}`, `    ${' '.repeat(caretAt - from)}${palette.bad('^')}`];
}

function summarise(problems: readonly ConfigurationProblem[], shownPath: string): string {
  if (problems.length === 0) return `${shownPath} can be used.`;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const count = (amount: number, word: string) => `${amount} ${word}${amount === 1 ? '' : 's'}`;
  const verdict = errors === 0 ? ` ${shownPath} can be used.` : '';
  return `${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}.${verdict}`;
}

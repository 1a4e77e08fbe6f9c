import type { CheckStatus, DoctorCheck } from './doctor-check.ts';
import type { Palette } from './palette.ts';
import { printableText } from './printable-text.ts';

const signs: Readonly<Record<CheckStatus, string>> = { passed: '✓', failed: '✗', skipped: '–' };

/** The checks as a table for people, each remedy below its line; a summary at the end. */
export function renderChecks(checks: readonly DoctorCheck[], palette: Palette): string {
  const paint = { passed: palette.good, failed: palette.bad, skipped: palette.doubtful };
  const width = Math.max(0, ...checks.map(({ title }) => title.length));
  const rows = checks.flatMap(({ status, title, message, remedy }) => [
    `  ${paint[status](signs[status])} ${palette.strong(title.padEnd(width))}  ${printableText(message)}`,
    ...(remedy === undefined ? [] : [`    ${' '.repeat(width)}  ${palette.faint('→')} ${printableText(remedy)}`]),
  ]);
  const faults = checks.filter(({ status }) => status === 'failed').length;
  const summary =
    faults === 0 ? 'Everything that is set up works.' : `${faults} ${faults === 1 ? 'problem' : 'problems'} to mend.`;
  return [...rows, '', summary].join('\n');
}

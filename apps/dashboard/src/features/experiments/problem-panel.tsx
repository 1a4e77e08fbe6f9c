'use client';

import type { DraftProblem } from './draft-context.ts';
import { focusField } from './focus-field.ts';
import classes from './problem-panel.module.css';

const parts: Readonly<Record<string, string>> = {
  hypothesis: 'What is asked',
  variants: 'Who is compared',
  baseline: 'Who is compared',
  source: 'On what',
  scorers: 'Scorers',
  primary: 'What counts',
  guardrails: 'Guardrails',
  smallestEffect: 'What counts',
  stop: 'When it stops',
  caps: 'When it stops',
  failedAnswers: 'When it stops',
};

function placeWords([part = '', ...rest]: readonly string[]): string {
  const which =
    part === 'variants' && rest[0]
      ? `, variant ${Number(rest[0]) + 1}`
      : part === 'scorers' && rest[0]
        ? `, ${rest[0]}`
        : '';
  return (parts[part] ?? 'The definition') + which;
}

/** Everything that is wrong with the draft, each leading to its field. */
export function ProblemPanel({ problems }: { problems: readonly DraftProblem[] }) {
  if (problems.length === 0) return null;
  const sorted = [...problems].sort((a, b) => Number(b.isError) - Number(a.isError));
  const errors = problems.filter(({ isError }) => isError).length;
  const title = errors === 0 ? 'Worth a look' : errors === 1 ? 'One thing to mend' : `${errors} things to mend`;
  return (
    <section className={classes.panel} aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {sorted.map(({ path, message, isError }, index) => (
          <li key={`${path.join('.')}${index}`} data-tone={isError ? 'bad' : 'warn'}>
            <button type="button" onClick={() => focusField(path)}>
              <strong>{placeWords(path)}</strong>
              <span>{message}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

'use client';

import { Alert, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import cardClasses from '../../shell/card.module.css';
import { GuardedSubmit } from '../../shell/guarded-submit.tsx';
import classes from './settings.module.css';
import type { SectionProps } from './settings-tab.tsx';
import { useSaveSettings } from './use-save-settings.ts';

const fields = [
  { name: 'contentDays', label: 'Comparisons', hint: 'with prompts and answers', isForGood: true, fewest: 1 },
  { name: 'runDays', label: 'Runs of workflows', hint: 'with inputs and outputs', isForGood: false, fewest: 1 },
  {
    name: 'recordDays',
    label: 'Call records',
    hint: 'one line for each call, for reports',
    isForGood: false,
    fewest: 1,
  },
  { name: 'auditDays', label: 'Audit log', hint: '30 days at least', isForGood: true, fewest: 30 },
] as const;
type Field = (typeof fields)[number]['name'];

/** For how many days each kind of thing is kept. */
export function RetentionSection({ settings, managing, onSaved }: SectionProps) {
  const { run, problems, isSaving } = useSaveSettings(onSaved);
  const [days, setDays] = useState<Record<Field, number | ''>>({
    contentDays: settings.contentDays ?? '',
    runDays: settings.runDays,
    recordDays: settings.recordDays,
    auditDays: settings.auditDays ?? '',
  });
  const isShorter = fields.some(({ name }) => {
    const now = settings[name];
    const wanted = days[name];
    return wanted !== '' && (now === null || wanted < now);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = Object.fromEntries(
      fields
        .filter(({ name }) => days[name] !== (settings[name] ?? ''))
        .map(({ name }) => [name, days[name] === '' ? null : days[name]]),
    );
    run(input, 'How long things are kept is saved.');
  };
  return (
    <section className={cardClasses.card} aria-labelledby="retention-title">
      <h2 id="retention-title">How long it is kept</h2>
      <p className={cardClasses.hint}>In days. What is older is removed by itself, within a day.</p>
      <form onSubmit={submit} noValidate className={classes.form}>
        <div className={classes.pair}>
          {fields.map(({ name, label, hint, isForGood, fewest }) => (
            <NumberInput
              key={name}
              label={label}
              description={hint}
              placeholder={isForGood ? 'for good' : 'as the installation'}
              min={fewest}
              max={3650}
              allowDecimal={false}
              clampBehavior="none"
              disabled={!managing.isAllowed}
              value={days[name]}
              error={problems[name]}
              onChange={(value) => setDays({ ...days, [name]: typeof value === 'number' ? value : '' })}
            />
          ))}
        </div>
        {isShorter ? (
          <p className={classes.consequence}>
            What is older than that is removed for good and cannot be brought back. Export it first if you need it.
          </p>
        ) : null}
        {problems.form ? (
          <Alert color="red" role="alert">
            {problems.form}
          </Alert>
        ) : null}
        <div>
          <GuardedSubmit reason={managing.reason} loading={isSaving}>
            Save the days
          </GuardedSubmit>
        </div>
      </form>
    </section>
  );
}

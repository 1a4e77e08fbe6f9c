'use client';

import { Alert, Radio, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import cardClasses from '../../shell/card.module.css';
import { GuardedSubmit } from '../../shell/guarded-submit.tsx';
import classes from './settings.module.css';
import type { SectionProps, Settings } from './settings-tab.tsx';
import { useSaveSettings } from './use-save-settings.ts';

type Capture = Settings['contentCapture'];

const choices: readonly { value: Capture; label: string; hint: string; consequence?: string }[] = [
  {
    value: 'FULL',
    label: 'Prompts and answers, with everything about them',
    hint: 'Comparisons, runs, replay and datasets from history work in full.',
  },
  {
    value: 'METADATA',
    label: 'What happened, without the words',
    hint: 'Models, tokens, costs, times and outcomes are kept; prompts and answers are not.',
    consequence:
      'From now on nobody can read what was asked and answered: no replay of answers, no datasets from history, no retry of a run after a restart. What was kept before stays until its days are over.',
  },
  {
    value: 'NONE',
    label: 'As little as possible',
    hint: 'As above, and no names of users and sessions that apps send along.',
    consequence: 'As above, and reports cannot tell your app’s users apart any more. Budgets and costs stay exact.',
  },
];

/** How much of prompts and answers is kept, with what that means. */
export function CaptureSection({ settings, managing, onSaved }: SectionProps) {
  const { run, problems, isSaving } = useSaveSettings(onSaved);
  const [capture, setCapture] = useState<Capture>(settings.contentCapture);
  const chosen = choices.find(({ value }) => value === capture);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run({ contentCapture: capture }, 'What is kept is decided. It holds from the next call on.');
  };
  return (
    <section className={cardClasses.card} aria-labelledby="capture-title">
      <h2 id="capture-title">What is kept of calls</h2>
      <form onSubmit={submit} noValidate className={classes.form}>
        <Radio.Group aria-labelledby="capture-title" value={capture} onChange={(value) => setCapture(value as Capture)}>
          <Stack gap={10} mt={6}>
            {choices.map(({ value, label, hint }) => (
              <Radio key={value} value={value} label={label} description={hint} disabled={!managing.isAllowed} />
            ))}
          </Stack>
        </Radio.Group>
        {chosen?.consequence ? <p className={classes.consequence}>{chosen.consequence}</p> : null}
        {problems.form ? (
          <Alert color="red" role="alert">
            {problems.form}
          </Alert>
        ) : null}
        <div>
          <GuardedSubmit reason={managing.reason} loading={isSaving} disabled={capture === settings.contentCapture}>
            Save what is kept
          </GuardedSubmit>
        </div>
      </form>
    </section>
  );
}

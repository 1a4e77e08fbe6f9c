'use client';

import { Alert, Autocomplete, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import cardClasses from '../../shell/card.module.css';
import { GuardedSubmit } from '../../shell/guarded-submit.tsx';
import { ownTimeZone } from '../guardrails/budget-form-values.ts';
import classes from './settings.module.css';
import type { SectionProps } from './settings-tab.tsx';
import { useSaveSettings } from './use-save-settings.ts';

/** In which time zone days begin, and a currency to show amounts in beside dollars. */
export function MoneySection({ settings, managing, onSaved }: SectionProps) {
  const { run, problems, isSaving } = useSaveSettings(onSaved);
  const [timeZone, setTimeZone] = useState(settings.timeZone);
  const [code, setCode] = useState(settings.currency?.code ?? '');
  const [perUsd, setPerUsd] = useState(settings.currency?.perUsd ?? '');
  const [rateDate, setRateDate] = useState(settings.currency?.rateDate ?? '');
  const isLocked = !managing.isAllowed;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const currency =
      code.trim() === ''
        ? null
        : { code: code.trim().toUpperCase(), perUsd: perUsd.trim(), rateDate: rateDate.trim() || null };
    run({ timeZone: timeZone.trim() || null, currency }, 'Time zone and currency are saved.');
  };
  return (
    <section className={cardClasses.card} aria-labelledby="money-title">
      <h2 id="money-title">Time and money</h2>
      <p className={cardClasses.hint}>
        The time zone is that of new budgets and reports. Money is counted in US dollars; another currency is for the
        eye alone, at the rate that you give.
      </p>
      <form onSubmit={submit} noValidate className={classes.form}>
        <Autocomplete
          label="Time zone"
          data={[...new Set([ownTimeZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])]}
          limit={40}
          disabled={isLocked}
          value={timeZone}
          error={problems.timeZone}
          onChange={setTimeZone}
        />
        <div className={classes.triple}>
          <TextInput
            label="Show amounts in"
            placeholder="USD alone"
            description="Three letters, such as EUR"
            maxLength={3}
            disabled={isLocked}
            value={code}
            error={problems.code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <TextInput
            label="Units for one dollar"
            placeholder="0.92"
            description="The rate that you reckon with"
            inputMode="decimal"
            disabled={isLocked || code.trim() === ''}
            value={perUsd}
            error={problems.perUsd}
            onChange={(event) => setPerUsd(event.currentTarget.value)}
          />
          <TextInput
            label="Rate of"
            type="date"
            description="The day of that rate"
            disabled={isLocked || code.trim() === ''}
            value={rateDate}
            error={problems.rateDate}
            onChange={(event) => setRateDate(event.currentTarget.value)}
          />
        </div>
        {problems.form ? (
          <Alert color="red" role="alert">
            {problems.form}
          </Alert>
        ) : null}
        <div>
          <GuardedSubmit reason={managing.reason} loading={isSaving}>
            Save time and money
          </GuardedSubmit>
        </div>
      </form>
    </section>
  );
}

'use client';

import { Checkbox, Radio, Select, TagsInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMemo } from 'react';
import classes from './budget-drawer.module.css';
import type { BudgetFormValues } from './budget-form-values.ts';
import { breachChoices, unitChoices, windowChoices } from './budget-words.ts';

interface Props {
  form: UseFormReturnType<BudgetFormValues>;
  /** What a budget counts cannot be changed once it counts. */
  isFixed: boolean;
}

/** How much, per what, and by whose calendar. */
export function LimitFields({ form, isFixed }: Props) {
  const { unit, window } = form.values;
  const zones = useMemo(
    () => [...new Set(['UTC', form.values.timeZone, ...Intl.supportedValuesOf('timeZone')])],
    [form.values.timeZone],
  );
  const hasCalendar = window === 'DAY' || window === 'WEEK' || window === 'MONTH';
  return (
    <>
      <div className={classes.columns}>
        <TextInput
          label="Limit"
          inputMode="decimal"
          placeholder={unit === 'COST' ? '5.00' : '1000'}
          leftSection={unit === 'COST' ? '$' : undefined}
          autoComplete="off"
          {...form.getInputProps('limit')}
        />
        <Select
          label="In"
          data={unitChoices.map(({ value, label }) => ({ value, label }))}
          allowDeselect={false}
          disabled={isFixed}
          {...form.getInputProps('unit')}
        />
        <Select
          label="Per"
          data={windowChoices.map(({ value, label }) => ({ value, label }))}
          allowDeselect={false}
          disabled={isFixed}
          {...form.getInputProps('window')}
        />
        {hasCalendar ? (
          <Select
            label="Time zone"
            data={zones}
            searchable
            limit={80}
            allowDeselect={false}
            disabled={isFixed}
            {...form.getInputProps('timeZone')}
          />
        ) : null}
      </div>
      {isFixed ? (
        <p className={classes.note}>
          What a budget counts stays: what is spent was counted by it. Make another one to count differently.
        </p>
      ) : null}
    </>
  );
}

/** What happens at the limit, and before it. */
export function BehaviourFields({ form }: Pick<Props, 'form'>) {
  const { mode, unit, window } = form.values;
  return (
    <>
      <Radio.Group label="At the limit" {...form.getInputProps('mode')}>
        <div className={classes.columns} style={{ marginTop: 6 }}>
          <Radio value="HARD" label="Hard: refuse" description="Nothing goes over it, also with many calls at once." />
          <Radio value="SOFT" label="Soft: warn" description="Calls go on; people are told." />
        </div>
      </Radio.Group>
      {mode === 'HARD' ? (
        <div className={classes.columns}>
          <Select
            label="In place of a refused call"
            data={breachChoices.map(({ value, label }) => ({ value, label }))}
            allowDeselect={false}
            {...form.getInputProps('onBreach')}
          />
          <Select
            label="When no model is left"
            data={[
              { value: 'FAIL', label: 'Fail, with the reason' },
              { value: 'ASK', label: 'Ask for approval' },
            ]}
            allowDeselect={false}
            {...form.getInputProps('whenAllBreach')}
          />
        </div>
      ) : null}
      {window === 'MINUTE' ? (
        <p className={classes.note}>A limit per minute is a rate limit: nobody is told when it is nearly reached.</p>
      ) : (
        <TagsInput
          label="Tell people at"
          description="Percent of the limit. The bell tells it always, channels as they are set up."
          placeholder="80"
          clearable
          maxTags={8}
          {...form.getInputProps('alertThresholds')}
        />
      )}
      {unit === 'COST' ? (
        <>
          <Checkbox
            label="Let models without a known price pass"
            description="They reserve and book a flat amount. Else such calls are refused."
            {...form.getInputProps('isUnpricedAllowed', { type: 'checkbox' })}
          />
          {form.values.isUnpricedAllowed ? (
            <TextInput
              label="Flat amount per call"
              leftSection="$"
              inputMode="decimal"
              w={200}
              {...form.getInputProps('unpricedReserveUsd')}
            />
          ) : null}
        </>
      ) : null}
    </>
  );
}

import { NumberInput, TextInput } from '@mantine/core';
import { isUsd } from './draft-rule.ts';
import type { PreferenceValues } from './preference-form.ts';
import classes from './strategies-tab.module.css';

export interface FieldsProps {
  values: PreferenceValues;
  isDisabled: boolean;
  onChange(change: Partial<PreferenceValues>): void;
}

const numberOf = (value: string | number) => (typeof value === 'number' ? value : null);

/** A model that is expected to break one of these is not chosen. */
export function LimitFields({ values, isDisabled, onChange }: FieldsProps) {
  return (
    <>
      <p className={classes.note}>A model that is expected to break one of these is not chosen, by no strategy.</p>
      <div className={classes.fields}>
        <TextInput
          label="Highest cost of a call"
          leftSection="$"
          placeholder="no limit"
          inputMode="decimal"
          autoComplete="off"
          disabled={isDisabled}
          value={values.maxCostUsd}
          error={
            values.maxCostUsd.trim() !== '' && !isUsd(values.maxCostUsd) ? 'Write a number such as 0.05.' : undefined
          }
          onChange={(event) => onChange({ maxCostUsd: event.currentTarget.value })}
        />
        <NumberInput
          label="Median latency, ms"
          placeholder="no limit"
          min={1}
          allowDecimal={false}
          thousandSeparator=","
          disabled={isDisabled}
          value={values.maxLatencyMs ?? ''}
          onChange={(value) => onChange({ maxLatencyMs: numberOf(value) })}
        />
        <NumberInput
          label="First token, ms"
          placeholder="no limit"
          min={1}
          allowDecimal={false}
          thousandSeparator=","
          disabled={isDisabled}
          value={values.maxTimeToFirstTokenMs ?? ''}
          onChange={(value) => onChange({ maxTimeToFirstTokenMs: numberOf(value) })}
        />
        <NumberInput
          label="Lowest quality, 0 to 1"
          placeholder="no limit"
          min={0}
          max={1}
          step={0.05}
          decimalScale={3}
          disabled={isDisabled}
          value={values.minQuality ?? ''}
          onChange={(value) => onChange({ minQuality: numberOf(value) })}
        />
      </div>
    </>
  );
}

'use client';

import { JsonInput, NumberInput, Select, TagsInput } from '@mantine/core';
import { useState } from 'react';
import type { CallParametersInput } from '../../gql/roles.ts';
import classes from './role-drawer.module.css';

interface Props {
  value: CallParametersInput;
  isDisabled: boolean;
  /** What holds when a field is empty, as its placeholder. */
  inherited: string;
  onChange(value: CallParametersInput): void;
}

const efforts = ['NONE', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH'].map((value) => ({
  value,
  label: `${value[0]}${value.slice(1).toLowerCase()}`,
}));
const numbers = [
  { field: 'temperature', label: 'Temperature', min: 0, max: 2, step: 0.1 },
  { field: 'topP', label: 'Top P', min: 0, max: 1, step: 0.05 },
  { field: 'topK', label: 'Top K', min: 1, max: 1000, step: 1 },
  { field: 'maxOutputTokens', label: 'Max output tokens', min: 1, max: 10_000_000, step: 256 },
  { field: 'seed', label: 'Seed', min: 0, max: 2_147_483_647, step: 1 },
  { field: 'frequencyPenalty', label: 'Frequency penalty', min: -2, max: 2, step: 0.1 },
  { field: 'presencePenalty', label: 'Presence penalty', min: -2, max: 2, step: 0.1 },
] as const;

/** Everything that tunes a call; an empty field leaves it to what is more general. */
export function ParameterFields({ value, isDisabled, inherited, onChange }: Props) {
  const set = (field: keyof CallParametersInput, next: unknown) => {
    const { [field]: _, ...rest } = value;
    const isEmpty = next === '' || next === null || (Array.isArray(next) && next.length === 0);
    onChange(isEmpty ? rest : { ...rest, [field]: next });
  };
  return (
    <div className={classes.parameters}>
      {numbers.map(({ field, label, min, max, step }) => (
        <NumberInput
          key={field}
          label={label}
          placeholder={inherited}
          min={min}
          max={max}
          step={step}
          allowDecimal={step < 1}
          decimalScale={2}
          disabled={isDisabled}
          value={value[field] ?? ''}
          onChange={(next) => set(field, next === '' ? null : Number(next))}
        />
      ))}
      <Select
        label="Reasoning effort"
        placeholder={inherited}
        data={efforts}
        clearable
        disabled={isDisabled}
        comboboxProps={{ withinPortal: false }}
        value={value.reasoningEffort ?? null}
        onChange={(next) => set('reasoningEffort', next)}
      />
      <TagsInput
        className={classes.wide}
        label="Stop sequences"
        description="Enter adds one; 16 at most"
        maxTags={16}
        disabled={isDisabled}
        comboboxProps={{ withinPortal: false }}
        value={[...(value.stopSequences ?? [])]}
        onChange={(next) => set('stopSequences', next)}
      />
      <ProviderOptions
        value={value.providerOptions}
        isDisabled={isDisabled}
        onChange={(next) => set('providerOptions', next)}
      />
    </div>
  );
}

function ProviderOptions({
  value,
  isDisabled,
  onChange,
}: {
  value: unknown;
  isDisabled: boolean;
  onChange(value: unknown): void;
}) {
  const [text, setText] = useState(() => (value === null || value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [problem, setProblem] = useState<string>();
  const take = (next: string) => {
    setText(next);
    if (next.trim() === '') {
      setProblem(undefined);
      return onChange(null);
    }
    try {
      const parsed: unknown = JSON.parse(next);
      const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
      setProblem(isMap ? undefined : 'Write a map, such as {"service_tier": "flex"}.');
      if (isMap) onChange(parsed);
    } catch {
      setProblem('This is no JSON yet; what was there before holds.');
    }
  };
  return (
    <JsonInput
      className={classes.wide}
      label="Provider options"
      description="Passed on in the provider’s own words"
      placeholder='{"service_tier": "flex"}'
      autosize
      minRows={2}
      maxRows={8}
      disabled={isDisabled}
      value={text}
      error={problem}
      onChange={take}
    />
  );
}

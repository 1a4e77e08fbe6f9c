'use client';

import { MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { stepName } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import { useField } from './field-scope.ts';
import classes from './fields.module.css';

interface FieldProps {
  path: string;
  label: string;
  description?: ReactNode;
  placeholder?: string;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown) =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** A text; empty takes it away. */
export function TextField({
  path,
  maxLength,
  isLong = false,
  ...rest
}: FieldProps & { maxLength?: number; isLong?: boolean }) {
  const { value, set, message, isReadOnly, mark } = useField(path);
  const shared = {
    ...rest,
    maxLength,
    value: textOf(value),
    error: message,
    readOnly: isReadOnly,
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value || undefined),
  };
  return (
    <div {...mark}>
      {isLong ? <Textarea {...shared} autosize minRows={1} maxRows={6} /> : <TextInput {...shared} />}
    </div>
  );
}

interface NumberProps extends FieldProps {
  min?: number;
  max?: number;
  step?: number;
  decimals?: number;
  /** What the value is multiplied with before it is kept: 1000 for seconds that are kept as milliseconds. */
  factor?: number;
  suffix?: string;
}

/** A number; empty leaves it to the usual one. */
export function NumberField({ path, factor = 1, decimals = 0, ...rest }: NumberProps) {
  const { value, set, message, isReadOnly, mark } = useField(path);
  return (
    <div {...mark}>
      <NumberInput
        {...rest}
        thousandSeparator=","
        decimalScale={decimals}
        value={typeof value === 'number' ? value / factor : ''}
        error={message}
        readOnly={isReadOnly}
        clampBehavior="blur"
        onChange={(next) => set(next === '' ? undefined : Math.round(Number(next) * factor * 1e6) / 1e6)}
      />
    </div>
  );
}

/** Seconds, kept as milliseconds. */
export function DurationField(props: FieldProps) {
  return <NumberField {...props} factor={1000} decimals={3} min={0} suffix=" s" />;
}

interface ChoiceProps extends FieldProps {
  choices: readonly { value: string; label: string; hint?: string }[];
  /** The value that holds when nothing is written; choosing it writes nothing. */
  usual?: string;
  isClearable?: boolean;
}

/** One of several words, with what the chosen one means below it. */
export function ChoiceField({ path, choices, usual, isClearable = false, description, ...rest }: ChoiceProps) {
  const { value, set, message, isReadOnly, mark } = useField(path);
  const chosen = typeof value === 'string' ? value : (usual ?? null);
  const hint = choices.find((choice) => choice.value === chosen)?.hint;
  return (
    <div {...mark}>
      <Select
        {...rest}
        data={choices.map(({ value: each, label }) => ({ value: each, label }))}
        value={chosen}
        description={hint ?? description}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={message}
        readOnly={isReadOnly}
        allowDeselect={false}
        clearable={isClearable}
        onChange={(next) => set(next === null || next === usual ? undefined : next)}
      />
    </div>
  );
}

/** Yes or no. `usual` is what holds when nothing is written. */
export function SwitchField({ path, usual = false, ...rest }: FieldProps & { usual?: boolean }) {
  const { value, set, message, isReadOnly, mark } = useField(path);
  return (
    <div {...mark}>
      <Switch
        {...rest}
        checked={typeof value === 'boolean' ? value : usual}
        error={message}
        disabled={isReadOnly}
        onChange={(event) => set(event.currentTarget.checked === usual ? undefined : event.currentTarget.checked)}
      />
    </div>
  );
}

/** Steps of the workflow. An empty list is written when `keepsEmpty`, else nothing. */
export function StepsField({
  path,
  stepId,
  keepsEmpty = false,
  ...rest
}: FieldProps & { stepId: string; keepsEmpty?: boolean }) {
  const { definition } = useEditorParts().editor;
  const { value, set, message, isReadOnly, mark } = useField(path);
  const chosen = textsOf(value);
  const known = definition.steps
    .filter(({ id }) => id !== stepId)
    .map((step) => ({ value: step.id, label: stepName(step) }));
  const unknown = chosen
    .filter((id) => !known.some((each) => each.value === id))
    .map((id) => ({ value: id, label: id }));
  return (
    <div {...mark}>
      <MultiSelect
        {...rest}
        placeholder={chosen.length === 0 ? (rest.placeholder ?? 'none') : undefined}
        data={[...known, ...unknown]}
        value={chosen}
        error={message}
        readOnly={isReadOnly}
        searchable
        clearable
        onChange={(next) => set(next.length === 0 && !keepsEmpty ? undefined : next)}
      />
    </div>
  );
}

/** Words of the author's own. */
export function WordsField({ path, ...rest }: FieldProps) {
  const { value, set, message, isReadOnly, mark } = useField(path);
  return (
    <div {...mark}>
      <TagsInput
        {...rest}
        value={textsOf(value)}
        error={message}
        readOnly={isReadOnly}
        onChange={(next) => set(next.length === 0 ? undefined : next)}
      />
    </div>
  );
}

/** Fields that belong together; `isOpen` when something is set or wrong in them. */
export function FieldGroup({
  title,
  note,
  isOpen = false,
  isLazy = false,
  children,
}: {
  title: string;
  note?: string | undefined;
  isOpen?: boolean;
  /** Draws its fields when it is opened first: they are heavy. */
  isLazy?: boolean;
  children: ReactNode;
}) {
  const [wasOpened, setOpened] = useState(isOpen);
  return (
    <details
      className={classes.group}
      open={isOpen || undefined}
      onToggle={(event) => event.currentTarget.open && setOpened(true)}
    >
      <summary className={classes.summary}>
        <span>{title}</span>
        {note ? <span className={classes.note}>{note}</span> : null}
      </summary>
      <div className={classes.fields}>{isLazy && !wasOpened && !isOpen ? null : children}</div>
    </details>
  );
}

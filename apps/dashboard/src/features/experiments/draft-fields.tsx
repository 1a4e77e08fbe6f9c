'use client';

import { NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Path } from './definition.ts';
import { useDraftField } from './draft-context.ts';
import classes from './editor.module.css';

interface FieldProps {
  path: Path;
  label: string;
  description?: ReactNode;
  placeholder?: string;
}

/** A warning stands where an error would, in its own colour. */
function noteOf(message: string | undefined, isError: boolean): ReactNode {
  if (!message) return undefined;
  return isError ? message : <span className={classes.warning}>{message}</span>;
}

interface TextProps extends FieldProps {
  isLong?: boolean;
  rows?: number;
  /** An empty text is written as such. */
  keepsEmpty?: boolean;
  isCode?: boolean;
}

export function DraftText({ path, isLong = false, rows = 2, keepsEmpty = false, isCode = false, ...rest }: TextProps) {
  const { value, message, isError, isReadOnly, mark, set } = useDraftField(path);
  const shared = {
    ...rest,
    value: typeof value === 'string' ? value : '',
    error: noteOf(message, isError),
    readOnly: isReadOnly,
    ...(isCode && { classNames: { input: classes.code }, spellCheck: false }),
    onChange: (event: { currentTarget: { value: string } }) => {
      const next = event.currentTarget.value;
      set(next === '' && !keepsEmpty ? undefined : next);
    },
  };
  return (
    <div {...mark}>
      {isLong ? <Textarea {...shared} autosize minRows={rows} maxRows={12} /> : <TextInput {...shared} />}
    </div>
  );
}

interface NumberProps extends FieldProps {
  min?: number;
  max?: number;
  step?: number;
  decimals?: number;
  /** What the value is multiplied with to be shown: 100 for shares that are shown as points. */
  factor?: number;
  suffix?: string;
}

export function DraftNumber({ path, factor = 1, decimals = 0, ...rest }: NumberProps) {
  const { value, message, isError, isReadOnly, mark, set } = useDraftField(path);
  return (
    <div {...mark}>
      <NumberInput
        {...rest}
        thousandSeparator=","
        decimalScale={decimals}
        value={typeof value === 'number' ? Number((value * factor).toPrecision(12)) : ''}
        error={noteOf(message, isError)}
        readOnly={isReadOnly}
        clampBehavior="blur"
        onChange={(next) => set(next === '' ? undefined : Number((Number(next) / factor).toPrecision(12)))}
      />
    </div>
  );
}

interface ChoiceProps extends FieldProps {
  choices: readonly { value: string; label: string }[];
  /** What holds when nothing is written. */
  usual?: string;
  isClearable?: boolean;
  isSearchable?: boolean;
}

export function DraftChoice({ path, choices, usual, isClearable = false, isSearchable = false, ...rest }: ChoiceProps) {
  const { value, message, isError, isReadOnly, mark, set } = useDraftField(path);
  const chosen = typeof value === 'string' && value !== '' ? value : (usual ?? null);
  const isKnown = chosen === null || choices.some((choice) => choice.value === chosen);
  return (
    <div {...mark}>
      <Select
        {...rest}
        data={isKnown ? [...choices] : [...choices, { value: chosen, label: chosen }]}
        value={chosen}
        error={noteOf(message, isError)}
        readOnly={isReadOnly}
        allowDeselect={false}
        clearable={isClearable}
        searchable={isSearchable}
        onChange={(next) => set(next === null ? undefined : next)}
      />
    </div>
  );
}

export function DraftSwitch({ path, usual = false, ...rest }: FieldProps & { usual?: boolean }) {
  const { value, message, isError, isReadOnly, mark, set } = useDraftField(path);
  return (
    <div {...mark}>
      <Switch
        {...rest}
        checked={typeof value === 'boolean' ? value : usual}
        error={noteOf(message, isError)}
        disabled={isReadOnly}
        onChange={(event) => set(event.currentTarget.checked)}
      />
    </div>
  );
}

export function DraftWords({ path, ...rest }: FieldProps) {
  const { value, message, isError, isReadOnly, mark, set } = useDraftField(path);
  const words = Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  return (
    <div {...mark}>
      <TagsInput
        {...rest}
        value={words}
        error={noteOf(message, isError)}
        readOnly={isReadOnly}
        onChange={(next) => set(next.length === 0 ? undefined : next)}
      />
    </div>
  );
}

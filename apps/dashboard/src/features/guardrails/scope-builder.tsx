'use client';

import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';
import classes from './budget-drawer.module.css';
import type { BudgetFormValues, ScopeRow } from './budget-form-values.ts';
import { type ScopeKind, scopeKinds, scopeWords } from './budget-words.ts';
import type { ScopeChoices } from './use-scope-choices.ts';

const eachValue = '*';

interface Props {
  form: UseFormReturnType<BudgetFormValues>;
  choices: ScopeChoices;
  isFixed: boolean;
}

/** Which calls a budget covers: no row for the whole team, else conditions that must all hold. */
export function ScopeBuilder({ form, choices, isFixed }: Props) {
  const rows = form.values.scope;
  const set = (index: number, row: ScopeRow) => form.setFieldValue(`scope.${index}`, row);
  return (
    <fieldset className={classes.group} disabled={isFixed}>
      <legend>Calls that count</legend>
      <p className={classes.note}>
        {rows.length === 0 ? 'Every call of the team.' : 'Calls for which all of this holds.'}
      </p>
      {rows.map((row, index) => (
        <div key={index} className={classes.scopeRow}>
          <Select
            aria-label={`Condition ${index + 1}`}
            data={scopeKinds.map(({ value, label }) => ({ value, label }))}
            value={row.kind}
            allowDeselect={false}
            disabled={isFixed}
            onChange={(kind) => set(index, { kind: (kind ?? row.kind) as ScopeKind, isEach: false, value: '' })}
          />
          <ValueField
            row={row}
            index={index}
            choices={choices}
            isFixed={isFixed}
            error={form.errors[`scope.${index}.value`] as string | undefined}
            onChange={(next) => set(index, next)}
          />
          {isFixed ? null : (
            <ActionIcon
              className={classes.remove}
              aria-label={`Remove condition ${index + 1}`}
              onClick={() => form.removeListItem('scope', index)}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      {isFixed ? null : (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            form.insertListItem('scope', {
              kind: scopeKinds.find(({ value }) => !rows.some(({ kind }) => kind === value))?.value ?? 'PROVIDER',
              isEach: false,
              value: '',
            } satisfies ScopeRow)
          }
        >
          Add a condition
        </Button>
      )}
    </fieldset>
  );
}

interface ValueProps {
  row: ScopeRow;
  index: number;
  choices: ScopeChoices;
  isFixed: boolean;
  error: string | undefined;
  onChange(row: ScopeRow): void;
}

function ValueField({ row, index, choices, isFixed, error, onChange }: ValueProps) {
  const known = choices[row.kind];
  const { each, one } = scopeWords(row.kind);
  const label = `Value of condition ${index + 1}`;
  if (!known)
    return (
      <div className={classes.freeValue}>
        {row.isEach ? null : (
          <TextInput
            aria-label={label}
            placeholder={`Name of the ${one}`}
            value={row.value}
            error={error}
            disabled={isFixed}
            onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
          />
        )}
        <Button
          variant="default"
          size="xs"
          disabled={isFixed}
          aria-pressed={row.isEach}
          onClick={() => onChange({ ...row, isEach: !row.isEach })}
        >
          {row.isEach ? `${each}, separately` : `each, separately`}
        </Button>
      </div>
    );
  const options = [
    { value: eachValue, label: `${each}, separately` },
    ...known,
    ...(row.value !== '' && !known.some(({ value }) => value === row.value)
      ? [{ value: row.value, label: row.value }]
      : []),
  ];
  return (
    <Select
      aria-label={label}
      placeholder={`Choose the ${one}`}
      searchable
      nothingFoundMessage={`No such ${one}`}
      data={options}
      value={row.isEach ? eachValue : row.value || null}
      error={error}
      disabled={isFixed}
      limit={60}
      onChange={(value) =>
        onChange(
          value === eachValue ? { ...row, isEach: true, value: '' } : { ...row, isEach: false, value: value ?? '' },
        )
      }
    />
  );
}

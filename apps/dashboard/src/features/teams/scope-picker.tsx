'use client';

import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { ApiKeyScope } from '../../gql/teams.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './scope-picker.module.css';
import { areas, gives, levels, mineOf, scopePresets, scopesInWords, withScope } from './scope-words.ts';

interface Props {
  readonly value: readonly ApiKeyScope[];
  readonly error: string | undefined;
  onChange(scopes: ApiKeyScope[]): void;
}

const isSame = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((item) => right.includes(item));

/** What a key may do: one of the usual kinds, or level by level in each area. Nobody gives more than they have. */
export function ScopePicker({ value, error, onChange }: Props) {
  const own = useWorkspace()?.viewer.scopes ?? [];
  const mine = scopePresets.map((preset) => ({
    ...preset,
    scopes: mineOf(preset.scopes, own),
  }));
  const chosen = mine.find(({ scopes }) => isSame(scopes, value));
  const [isOpen, setOpen] = useState(chosen === undefined);
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>May</legend>
      <div className={classes.presets}>
        {mine
          .filter(({ scopes }) => scopes.length > 0)
          .map(({ value: name, label, hint, scopes }) => (
            <button
              key={name}
              type="button"
              className={classes.preset}
              aria-pressed={chosen?.value === name}
              onClick={() => onChange([...scopes])}
            >
              <strong className={classes.presetName}>{label}</strong>
              <span className={classes.presetHint}>{hint}</span>
            </button>
          ))}
      </div>
      <p className={classes.summary}>
        {scopesInWords(value)}.{' '}
        <Button
          variant="subtle"
          size="compact-xs"
          mih={26}
          aria-expanded={isOpen}
          onClick={() => setOpen((known) => !known)}
        >
          {isOpen ? 'Hide the areas' : 'Choose area by area'}
        </Button>
      </p>
      {isOpen ? (
        <table className={classes.grid}>
          <thead>
            <tr>
              <th scope="col" className={classes.head}>
                Area
              </th>
              {levels.map(({ value: level, label }) => (
                <th key={level} scope="col" className={classes.head} data-level>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {areas.map(({ value: area, label, hint }) => (
              <tr key={area}>
                <th scope="row" className={classes.area}>
                  {label} <span className={classes.areaHint}>{hint}</span>
                </th>
                {levels.map(({ value: level, label: verb }) => {
                  const isMine = gives(own, level, area);
                  return (
                    <td key={level} className={classes.cell}>
                      <div>
                        <Checkbox
                          aria-label={`${verb}: ${label}${isMine ? '' : '. You may not do this yourself'}`}
                          title={isMine ? undefined : 'You may not do this yourself, so no key of yours may.'}
                          checked={gives(value, level, area)}
                          disabled={!isMine}
                          onChange={(event) => onChange(withScope(value, level, area, event.currentTarget.checked))}
                        />
                      </div>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {error ? <p className={classes.problem}>{error}</p> : null}
    </fieldset>
  );
}

'use client';

import { ActionIcon, Autocomplete } from '@mantine/core';
import { IconArrowUp, IconCircleCheckFilled, IconCircleOff, IconHelpCircleFilled, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { moved } from './draft-rule.ts';
import { availabilityOf, type TargetState } from './target-availability.ts';
import classes from './target-picker.module.css';
import type { RuleProblem } from './use-rule-problems.ts';

interface Props {
  targets: readonly string[];
  /** Whether the order means something. */
  isOrdered: boolean;
  choices: ModelChoices;
  /** The field of the server's problems, `actions[0]`. */
  field: string;
  problems: readonly RuleProblem[];
  label: string;
  onChange(targets: readonly string[]): void;
}

const icons = { good: IconCircleCheckFilled, warn: IconHelpCircleFilled, off: IconCircleOff } as const;

function State({ state }: { state: TargetState }) {
  const Icon = icons[state.tone];
  return (
    <span className={classes.state} data-tone={state.tone}>
      <Icon size={13} aria-hidden="true" /> {state.words}
    </span>
  );
}

/** Models and providers of an action, each with whether it can be called now. Any name can be typed: ids, catalogue names, beginnings. */
export function TargetPicker({ targets, isOrdered, choices, field, problems, label, onChange }: Props) {
  const [search, setSearch] = useState('');
  const { models } = choices;
  const groups = useMemo(() => {
    const providers = new Map(models.map(({ provider }) => [`${provider.slug}/*`, provider.displayName]));
    const free = (value: string) => !targets.includes(value);
    return [
      { group: 'Whole providers', items: [...providers.keys()].filter(free) },
      { group: 'Models', items: models.map(({ modelId }) => modelId).filter(free) },
    ];
  }, [models, targets]);
  const add = (value: string) => {
    const target = value.trim();
    setSearch('');
    if (target !== '' && !targets.includes(target)) onChange([...targets, target]);
  };
  return (
    <div className={classes.picker}>
      {targets.length > 0 ? (
        <ol className={classes.targets} aria-label={label}>
          {targets.map((target, index) => {
            const problem = problems.find((each) => each.field === `${field}.models[${index}]`);
            return (
              <li key={target} className={classes.target}>
                {isOrdered ? <span className={classes.place}>{index + 1}</span> : null}
                {target.endsWith('*') ? null : <ModelGlyph mark={markOf(target)} size={12} />}
                <span className={classes.name}>
                  <code>{target}</code>
                  {problem ? (
                    <span className={classes.problem}>
                      {problem.message} {problem.suggestion}
                    </span>
                  ) : choices.isLoading ? null : (
                    <State state={availabilityOf(target, models)} />
                  )}
                </span>
                {isOrdered && index > 0 ? (
                  <ActionIcon
                    aria-label={`Move ${target} up`}
                    onClick={() => onChange(moved(targets, index, index - 1))}
                  >
                    <IconArrowUp size={15} />
                  </ActionIcon>
                ) : null}
                <ActionIcon
                  aria-label={`Remove ${target}`}
                  onClick={() => onChange(targets.filter((each) => each !== target))}
                >
                  <IconX size={15} />
                </ActionIcon>
              </li>
            );
          })}
        </ol>
      ) : null}
      <Autocomplete
        aria-label={`${label}: add a model or provider`}
        placeholder="Add a model, a provider, or a beginning such as openai/*"
        data={groups}
        limit={80}
        maxDropdownHeight={280}
        value={search}
        error={problems.find((each) => each.field === field && each.isError)?.message}
        onChange={setSearch}
        onOptionSubmit={add}
        onKeyDown={(event) => {
          // An option that is pointed at takes the key itself.
          if (event.key !== 'Enter' || event.currentTarget.getAttribute('aria-activedescendant')) return;
          event.preventDefault();
          add(search);
        }}
        onBlur={() => add(search)}
        renderOption={({ option }) => (
          <span className={classes.option}>
            {option.value.endsWith('*') ? null : <ModelGlyph mark={markOf(option.value)} size={12} />}
            <span className={classes.optionName}>{option.value}</span>
            <State state={availabilityOf(option.value, models)} />
          </span>
        )}
      />
    </div>
  );
}

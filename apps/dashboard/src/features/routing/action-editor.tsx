'use client';

import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import classes from './action-editor.module.css';
import { usualWeights } from './criterion-weights.ts';
import { type DraftAction, isUsd, newAction, type Strategy } from './draft-rule.ts';
import { actionChoices, isOrdered, takesModels } from './rule-words.ts';
import { strategyChoices } from './strategy-words.ts';
import { TargetPicker } from './target-picker.tsx';
import type { RuleProblem } from './use-rule-problems.ts';
import { WeightSliders } from './weight-sliders.tsx';

interface Props {
  actions: readonly DraftAction[];
  problems: readonly RuleProblem[];
  choices: ModelChoices;
  onChange(actions: readonly DraftAction[]): void;
}

/** What a rule does, one after another. */
export function ActionEditor({ actions, problems, choices, onChange }: Props) {
  const set = (place: number, action: DraftAction) =>
    onChange(actions.map((each, index) => (index === place ? action : each)));
  return (
    <fieldset className={classes.group}>
      <legend>Then</legend>
      {actions.map((action, place) => (
        <div key={action.key} className={classes.action}>
          <div className={classes.head}>
            <Select
              aria-label={`Action ${place + 1}`}
              data={actionChoices.map(({ value, label }) => ({ value, label }))}
              value={action.type}
              allowDeselect={false}
              w={170}
              onChange={(type) => type && set(place, { ...action, type: type as DraftAction['type'] })}
            />
            <span className={classes.hint}>{actionChoices.find(({ value }) => value === action.type)?.hint}</span>
            <ActionIcon
              aria-label={`Remove action ${place + 1}`}
              onClick={() => onChange(actions.filter((_, index) => index !== place))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </div>
          <ActionValue
            action={action}
            place={place}
            problems={problems}
            choices={choices}
            onChange={(next) => set(place, next)}
          />
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...actions, newAction(actions.length === 0 ? 'PREFER' : 'CAP_COST')])}
      >
        Add an action
      </Button>
    </fieldset>
  );
}

interface ValueProps {
  action: DraftAction;
  place: number;
  problems: readonly RuleProblem[];
  choices: ModelChoices;
  onChange(action: DraftAction): void;
}

function ActionValue({ action, place, problems, choices, onChange }: ValueProps) {
  const field = `actions[${place}]`;
  if (takesModels(action.type))
    return (
      <TargetPicker
        targets={action.models}
        isOrdered={isOrdered(action.type)}
        choices={choices}
        field={field}
        problems={problems}
        label={`Models of action ${place + 1}`}
        onChange={(models) => onChange({ ...action, models })}
      />
    );
  if (action.type === 'CAP_COST')
    return (
      <TextInput
        aria-label={`Highest cost of a call, US dollars, action ${place + 1}`}
        leftSection="$"
        placeholder="0.05"
        inputMode="decimal"
        autoComplete="off"
        w={180}
        value={action.maxCostUsd}
        error={action.maxCostUsd !== '' && !isUsd(action.maxCostUsd) ? 'Write a number such as 0.05.' : undefined}
        onChange={(event) => onChange({ ...action, maxCostUsd: event.currentTarget.value })}
      />
    );
  if (action.type !== 'STRATEGY') return null;
  return (
    <>
      <Select
        aria-label={`Strategy of action ${place + 1}`}
        data={strategyChoices.map(({ value, label }) => ({ value, label }))}
        value={action.strategy}
        allowDeselect={false}
        w={220}
        onChange={(strategy) => strategy && onChange({ ...action, strategy: strategy as Strategy })}
      />
      <p className={classes.hint}>{strategyChoices.find(({ value }) => value === action.strategy)?.hint}</p>
      {action.strategy === 'BALANCED' ? (
        <>
          <Checkbox
            label="With weights of its own"
            checked={action.weights !== null}
            onChange={(event) => onChange({ ...action, weights: event.currentTarget.checked ? usualWeights : null })}
          />
          {action.weights ? (
            <WeightSliders weights={action.weights} onChange={(weights) => onChange({ ...action, weights })} />
          ) : null}
        </>
      ) : null}
    </>
  );
}

'use client';

import { Badge, Button, NumberInput, Popover, Select, TagsInput } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { changedParameters, type DraftParameters, noParameters } from './draft.ts';
import classes from './parameters-button.module.css';

const efforts = [
  { value: 'NONE', label: 'None' },
  { value: 'MINIMAL', label: 'Minimal' },
  { value: 'LOW', label: 'Low' },
  { value: 'MEDIUM', label: 'Medium' },
  { value: 'HIGH', label: 'High' },
];

const numberOrNull = (value: number | string) => (value === '' ? null : Number(value));

/** Sampling parameters for all lanes; empty fields leave the choice to each model. */
export function ParametersButton({
  parameters,
  onChange,
}: {
  parameters: DraftParameters;
  onChange: (value: Partial<DraftParameters>) => void;
}) {
  const changed = Object.keys(changedParameters(parameters) ?? {}).length;
  return (
    <Popover position="bottom-start" width={320} trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          fw={500}
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          rightSection={
            changed > 0 ? (
              <Badge size="sm" circle aria-label={`${changed} set`}>
                {changed}
              </Badge>
            ) : null
          }
        >
          Parameters
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Parameters">
        <div className={classes.grid}>
          <NumberInput
            label="Max output tokens"
            placeholder="model’s own"
            min={1}
            max={200_000}
            step={128}
            allowDecimal={false}
            value={parameters.maxOutputTokens ?? ''}
            onChange={(value) => onChange({ maxOutputTokens: numberOrNull(value) })}
          />
          <NumberInput
            label="Temperature"
            placeholder="model’s own"
            min={0}
            max={2}
            step={0.1}
            decimalScale={2}
            value={parameters.temperature ?? ''}
            onChange={(value) => onChange({ temperature: numberOrNull(value) })}
          />
          <NumberInput
            label="Top P"
            placeholder="model’s own"
            min={0}
            max={1}
            step={0.05}
            decimalScale={2}
            value={parameters.topP ?? ''}
            onChange={(value) => onChange({ topP: numberOrNull(value) })}
          />
          <NumberInput
            label="Seed"
            placeholder="none"
            allowDecimal={false}
            value={parameters.seed ?? ''}
            onChange={(value) => onChange({ seed: numberOrNull(value) })}
          />
          <Select
            className={classes.wide}
            label="Reasoning effort"
            placeholder="model’s own"
            data={efforts}
            clearable
            comboboxProps={{ withinPortal: false }}
            value={parameters.reasoningEffort}
            onChange={(value) => onChange({ reasoningEffort: value as DraftParameters['reasoningEffort'] })}
          />
          <TagsInput
            className={classes.wide}
            label="Stop sequences"
            description="Enter adds one; four at most"
            maxTags={4}
            value={parameters.stopSequences}
            onChange={(stopSequences) => onChange({ stopSequences })}
            comboboxProps={{ withinPortal: false }}
          />
        </div>
        <p className={classes.note}>What a model cannot take is reported as a warning in its lane.</p>
        <Button variant="default" size="xs" disabled={changed === 0} onClick={() => onChange(noParameters)}>
          Reset
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

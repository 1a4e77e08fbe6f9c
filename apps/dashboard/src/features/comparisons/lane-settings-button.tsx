'use client';

import { ActionIcon, Anchor, Button, MultiSelect, NumberInput, Popover, Switch, TextInput } from '@mantine/core';
import { IconShieldDollar } from '@tabler/icons-react';
import { formatPricePerMillion } from '../../format/number-format.ts';
import { automaticName } from '../catalog/model-names.ts';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { costLimitProblem, countSettings, type LaneSettings, noLaneSettings, settingsWords } from './lane-settings.ts';
import classes from './lane-settings-button.module.css';

interface Props {
  modelId: string;
  name: string;
  settings: LaneSettings | undefined;
  choices: ModelChoices;
  onChange(settings: LaneSettings): void;
}

const numberOrNull = (value: number | string) => (value === '' ? null : Number(value));

/** Limits of one model and who stands in for it, behind a small button in its chip. */
export function LaneSettingsButton({ modelId, name, settings = noLaneSettings, choices, onChange }: Props) {
  const change = (value: Partial<LaneSettings>) => onChange({ ...settings, ...value });
  const count = countSettings(settings);
  const price = choices.byId.get(modelId)?.price;
  const nameOf = (id: string) => choices.byId.get(id)?.displayName ?? id;
  const others = [...choices.byId.values()]
    .filter((choice) => choice.modelId !== modelId && choice.modelId !== automaticName && choice.isAvailable)
    .map((choice) => ({ value: choice.modelId, label: choice.modelId }));
  return (
    <Popover position="bottom-start" width={330} trapFocus>
      <Popover.Target>
        <ActionIcon
          variant={count > 0 ? 'light' : 'subtle'}
          color={count > 0 ? undefined : 'gray'}
          size={24}
          aria-label={`Limits of ${name}${count > 0 ? `: ${settingsWords(settings, nameOf)}` : ''}`}
          title={count > 0 ? settingsWords(settings, nameOf) : 'Limits and fallbacks'}
        >
          <IconShieldDollar size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Limits of ${name}`}>
        <h2 className={classes.title}>Limits of {name}</h2>
        <div className={classes.grid}>
          <TextInput
            label="Cost limit, USD"
            placeholder="none"
            inputMode="decimal"
            value={settings.costLimitUsd ?? ''}
            error={costLimitProblem(settings.costLimitUsd)}
            onChange={(event) => change({ costLimitUsd: event.currentTarget.value.trim() || null })}
          />
          <NumberInput
            label="Token limit"
            placeholder="none"
            min={1}
            step={500}
            thousandSeparator=","
            allowDecimal={false}
            value={settings.tokenLimit ?? ''}
            onChange={(value) => change({ tokenLimit: numberOrNull(value) })}
          />
          <NumberInput
            label="Latency target, ms"
            placeholder="none"
            min={1}
            step={250}
            thousandSeparator=","
            allowDecimal={false}
            value={settings.latencyTargetMs ?? ''}
            onChange={(value) => change({ latencyTargetMs: numberOrNull(value) })}
          />
        </div>
        <p className={classes.note}>
          {price?.inputPerMillionUsd && price.outputPerMillionUsd
            ? `It costs ${formatPricePerMillion(price.inputPerMillionUsd)} in, ${formatPricePerMillion(price.outputPerMillionUsd)} out per million tokens. `
            : 'Its price is unknown: a cost limit refuses it. '}
          {price?.sourceUrl ? (
            <Anchor href={price.sourceUrl} target="_blank" rel="noreferrer" inherit>
              Provider’s prices
            </Anchor>
          ) : null}
        </p>
        <MultiSelect
          label="Then ask"
          description="In this order, when it fails or may not be asked"
          placeholder={settings.fallbacks.length === 0 ? 'nobody' : undefined}
          data={others}
          maxValues={5}
          searchable
          limit={50}
          comboboxProps={{ withinPortal: false }}
          value={settings.fallbacks}
          onChange={(fallbacks) => change({ fallbacks })}
        />
        <Switch
          mt="sm"
          label="Over a limit, ask the next model"
          description="Off: the lane ends with the refusal"
          checked={settings.dropIfOverBudget}
          onChange={(event) => change({ dropIfOverBudget: event.currentTarget.checked })}
        />
        <Button mt="sm" variant="default" size="xs" disabled={count === 0} onClick={() => onChange(noLaneSettings)}>
          Reset
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

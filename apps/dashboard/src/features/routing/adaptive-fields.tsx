import { NumberInput, Select } from '@mantine/core';
import type { FieldsProps } from './limit-fields.tsx';
import { type PreferenceValues, usualAdaptive } from './preference-form.ts';
import classes from './strategies-tab.module.css';

const algorithms = [
  { value: 'CONTEXTUAL', label: 'Contextual: looks at the prompt' },
  { value: 'THOMPSON', label: 'Thompson: by class of task' },
  { value: 'EPSILON_GREEDY', label: 'ε-greedy: by class of task' },
];

const numberOf = (value: string | number) => (typeof value === 'number' ? value : null);

/** λ, μ and how boldly the adaptive strategy tries; for the team also how it learns. */
export function AdaptiveFields({ values, isTeam, isDisabled, onChange }: FieldsProps & { isTeam: boolean }) {
  const cost = values.costWeightPerUsd ?? usualAdaptive.costWeightPerUsd;
  const latency = values.latencyWeightPerSecond ?? usualAdaptive.latencyWeightPerSecond;
  const cents = cost > 0 ? `${Number((10 / cost).toPrecision(3))} cents` : 'no amount of money';
  const seconds = latency > 0 ? `${Number((0.1 / latency).toPrecision(3))} seconds` : 'no time';
  return (
    <>
      <p className={classes.note}>
        reward = expected quality − λ · cost in USD − μ · latency in seconds. Like this, {cents} or {seconds} outweigh a
        tenth of the scale of quality.
      </p>
      <div className={classes.fields}>
        <NumberInput
          label="λ, quality per USD"
          placeholder={String(usualAdaptive.costWeightPerUsd)}
          min={0}
          disabled={isDisabled}
          value={values.costWeightPerUsd ?? ''}
          onChange={(value) => onChange({ costWeightPerUsd: numberOf(value) })}
        />
        <NumberInput
          label="μ, quality per second"
          placeholder={String(usualAdaptive.latencyWeightPerSecond)}
          min={0}
          step={0.005}
          disabled={isDisabled}
          value={values.latencyWeightPerSecond ?? ''}
          onChange={(value) => onChange({ latencyWeightPerSecond: numberOf(value) })}
        />
        <NumberInput
          label="Floor of exploration, %"
          placeholder={String(usualAdaptive.explorationPercent)}
          min={0.1}
          max={100}
          disabled={isDisabled}
          value={values.explorationPercent ?? ''}
          onChange={(value) => onChange({ explorationPercent: numberOf(value) })}
        />
        <NumberInput
          label="Boldness of draws"
          placeholder={String(usualAdaptive.explorationScale)}
          min={0.01}
          max={10}
          step={0.1}
          disabled={isDisabled}
          value={values.explorationScale ?? ''}
          onChange={(value) => onChange({ explorationScale: numberOf(value) })}
        />
        {isTeam ? (
          <>
            <Select
              label="How it learns"
              placeholder="Contextual: looks at the prompt"
              clearable
              data={algorithms}
              disabled={isDisabled}
              value={values.algorithm}
              onChange={(algorithm) => onChange({ algorithm: algorithm as PreferenceValues['algorithm'] })}
            />
            <NumberInput
              label="Half-life, rewards"
              placeholder="usual"
              min={10}
              disabled={isDisabled}
              value={values.halfLifeRewards ?? ''}
              onChange={(value) => onChange({ halfLifeRewards: numberOf(value) })}
            />
            <NumberInput
              label="Prior, rewards"
              placeholder="usual"
              min={0.1}
              disabled={isDisabled}
              value={values.priorStrength ?? ''}
              onChange={(value) => onChange({ priorStrength: numberOf(value) })}
            />
            <Select
              label="When predictions stop holding"
              placeholder="Forget and learn anew"
              clearable
              data={[
                { value: 'yes', label: 'Forget and learn anew' },
                { value: 'no', label: 'Fade only' },
              ]}
              disabled={isDisabled}
              value={values.detectsDrift === null ? null : values.detectsDrift ? 'yes' : 'no'}
              onChange={(value) => onChange({ detectsDrift: value === null ? null : value === 'yes' })}
            />
          </>
        ) : null}
      </div>
    </>
  );
}

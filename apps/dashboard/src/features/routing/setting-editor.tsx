'use client';

import { Button, Checkbox, Radio, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useMemo, useState } from 'react';
import { useMutation } from 'urql';
import { SaveRoutingSettingsDocument, type SettingFieldsFragment } from '../../gql/routing.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { AdaptiveFields } from './adaptive-fields.tsx';
import { usualWeights } from './criterion-weights.ts';
import type { Strategy } from './draft-rule.ts';
import { LimitFields } from './limit-fields.tsx';
import { type PreferenceValues, preferenceForm, preferenceInput, scopeWords } from './preference-form.ts';
import classes from './strategies-tab.module.css';
import { strategyChoices, strategyLabel } from './strategy-words.ts';
import { WeightSliders } from './weight-sliders.tsx';

interface Props {
  scope: string;
  setting: SettingFieldsFragment | undefined;
  /** What holds when this scope says nothing. */
  usualStrategy: Strategy | null;
  isAdaptiveOn: boolean;
  mayManage: boolean;
}

const inherit = 'INHERIT';

/** Everything that one scope says about routing. */
export function SettingEditor({ scope, setting, usualStrategy, isAdaptiveOn, mayManage }: Props) {
  const initial = useMemo(() => preferenceForm(setting?.preferences), [setting]);
  const [values, setValues] = useState(initial);
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, save] = useMutation(SaveRoutingSettingsDocument);
  const set = (change: Partial<PreferenceValues>) => setValues((known) => ({ ...known, ...change }));
  const isChanged = JSON.stringify(values) !== JSON.stringify(initial);
  const effective = values.strategy ?? usualStrategy ?? (scope.startsWith('name:') ? 'MANUAL' : 'BALANCED');

  const store = async (next: PreferenceValues) => {
    setProblem(undefined);
    const { data, error } = await save({ input: preferenceInput(scope, setting?.revision ?? 0, next) });
    const result = data?.saveRoutingSettings;
    if (result?.__typename !== 'SaveRoutingSettingsSuccess') return setProblem(refusalText(result, error));
    notifications.show({ message: `${scopeWords(scope)} is routed like this from now on.` });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void store(values);
  };

  return (
    <form className={classes.form} onSubmit={submit} aria-label={`Routing of ${scopeWords(scope)}`}>
      <h2 className={classes.title}>{scopeWords(scope)}</h2>
      <Radio.Group
        label="Strategy"
        description="In which order models are asked that may serve the request."
        value={values.strategy ?? inherit}
        onChange={(value) => set({ strategy: value === inherit ? null : (value as Strategy) })}
      >
        <div className={classes.strategies}>
          <Radio.Card value={inherit} className={classes.strategy} disabled={!mayManage}>
            <StrategyCard
              value={inherit}
              label={scope === 'team' ? 'Not set' : 'As set wider'}
              hint={`${strategyLabel(effective === values.strategy ? (usualStrategy ?? 'BALANCED') : effective)}${usualStrategy ? '' : ', when nothing is set'}.`}
              use=""
            />
          </Radio.Card>
          {strategyChoices.map((choice) => (
            <Radio.Card key={choice.value} value={choice.value} className={classes.strategy} disabled={!mayManage}>
              <StrategyCard {...choice} />
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {effective === 'ADAPTIVE' && !isAdaptiveOn ? (
        <p className={classes.caution}>
          The adaptive strategy is switched off for this installation: Balanced is used instead, and decisions say so.
        </p>
      ) : null}
      {effective === 'BALANCED' || values.weights !== null ? (
        <fieldset className={classes.group}>
          <legend>Weights of Balanced</legend>
          <Checkbox
            label="Weights of its own"
            description="Else those of the next wider scope; the usual ones are cost 30 %, latency 20 %, quality 35 %, reliability 15 %."
            checked={values.weights !== null}
            disabled={!mayManage}
            onChange={(event) => set({ weights: event.currentTarget.checked ? usualWeights : null })}
          />
          <WeightSliders
            weights={values.weights ?? usualWeights}
            isDisabled={values.weights === null || !mayManage}
            onChange={(weights) => set({ weights })}
          />
        </fieldset>
      ) : null}
      <fieldset className={classes.group}>
        <legend>Limits</legend>
        <LimitFields values={values} isDisabled={!mayManage} onChange={set} />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>Falling back</legend>
        <div className={classes.fields}>
          <ThreeWay
            label="Strict"
            yes="Never fall back"
            no="Fall back"
            value={values.isStrict}
            isDisabled={!mayManage}
            onChange={(isStrict) => set({ isStrict })}
          />
          <ThreeWay
            label="Equivalents of named models"
            yes="May stand in"
            no="May not"
            value={values.allowsEquivalents}
            isDisabled={!mayManage}
            onChange={(allowsEquivalents) => set({ allowsEquivalents })}
          />
        </div>
      </fieldset>
      {effective === 'ADAPTIVE' || values.costWeightPerUsd !== null || values.explorationPercent !== null ? (
        <fieldset className={classes.group}>
          <legend>How Adaptive weighs and tries</legend>
          <AdaptiveFields values={values} isTeam={scope === 'team'} isDisabled={!mayManage} onChange={set} />
        </fieldset>
      ) : null}
      {scope === 'team' ? (
        <Select
          label="Time zone"
          description="In which rules see hour and weekday."
          placeholder="UTC"
          data={Intl.supportedValuesOf('timeZone')}
          searchable
          clearable
          limit={80}
          maw={320}
          disabled={!mayManage}
          value={values.timeZone}
          onChange={(timeZone) => set({ timeZone })}
        />
      ) : null}
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : null}
      {mayManage ? (
        <div className={classes.actions}>
          {setting ? (
            <Button variant="subtle" disabled={fetching} onClick={() => store(preferenceForm(undefined))}>
              Clear all of this scope
            </Button>
          ) : null}
          <Button variant="default" disabled={!isChanged || fetching} onClick={() => setValues(initial)}>
            Undo
          </Button>
          <Button type="submit" disabled={!isChanged} loading={fetching}>
            Save
          </Button>
        </div>
      ) : (
        <p className={classes.note}>Owners and admins may change this.</p>
      )}
    </form>
  );
}

function StrategyCard({ label, hint, use }: { value: string; label: string; hint: string; use: string }) {
  return (
    <span className={classes.strategyWords}>
      <span className={classes.strategyName}>
        <Radio.Indicator size="xs" /> {label}
      </span>
      <span>{hint}</span>
      {use ? <span className={classes.muted}>{use}</span> : null}
    </span>
  );
}

interface ThreeWayProps {
  label: string;
  yes: string;
  no: string;
  value: boolean | null;
  isDisabled: boolean;
  onChange(value: boolean | null): void;
}

function ThreeWay({ label, yes, no, value, isDisabled, onChange }: ThreeWayProps) {
  return (
    <Select
      label={label}
      placeholder="As set wider"
      clearable
      disabled={isDisabled}
      data={[
        { value: 'yes', label: yes },
        { value: 'no', label: no },
      ]}
      value={value === null ? null : value ? 'yes' : 'no'}
      onChange={(next) => onChange(next === null ? null : next === 'yes')}
    />
  );
}

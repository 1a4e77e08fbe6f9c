'use client';

import { MultiSelect, NumberInput, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { KeyRoleNamesDocument } from '../../gql/teams.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import type { KeyLimitValues } from './key-limit-values.ts';
import classes from './scope-picker.module.css';

interface Props {
  readonly values: KeyLimitValues;
  readonly problems: Readonly<Record<string, string>>;
  onChange(values: KeyLimitValues): void;
}

const windows = [
  { value: 'HOUR', label: 'an hour' },
  { value: 'DAY', label: 'a day' },
  { value: 'WEEK', label: 'a week' },
  { value: 'MONTH', label: 'a month' },
  { value: 'LIFETIME', label: 'in all' },
];

/** What limits a key beside its scopes: models, roles, rate, money and kind of provider. */
export function KeyLimitFields({ values, problems, onChange }: Props) {
  const { models } = useModelChoices();
  const [{ data }] = useQuery({ query: KeyRoleNamesDocument });
  const names = useMemo(() => {
    const slugs = [...new Set(models.map(({ provider }) => provider.slug))];
    return [
      { group: 'All of a provider', items: slugs.map((slug) => ({ value: `${slug}/*`, label: `${slug}/*` })) },
      { group: 'Models', items: models.map(({ modelId }) => ({ value: modelId, label: modelId })) },
    ];
  }, [models]);
  const set = (change: Partial<KeyLimitValues>) => onChange({ ...values, ...change });
  return (
    <div className={classes.limits}>
      <div>
        <Text component="p" size="sm" fw={500} m={0} mb={4} id="key-origin">
          Providers
        </Text>
        <SegmentedControl
          aria-labelledby="key-origin"
          value={values.dataOrigin}
          onChange={(dataOrigin) => set({ dataOrigin: dataOrigin as KeyLimitValues['dataOrigin'] })}
          data={[
            { value: 'BOTH', label: 'Live and simulated' },
            { value: 'LIVE', label: 'Live only' },
            { value: 'SIMULATED', label: 'Simulated only' },
          ]}
        />
      </div>
      <MultiSelect
        label="Models it may call"
        placeholder={values.allowedModels.length === 0 ? 'All models' : ''}
        description="Routing and failover choose among these too."
        searchable
        clearable
        limit={80}
        nothingFoundMessage="No such model"
        data={names}
        value={[...values.allowedModels]}
        error={problems.allowedModels}
        onChange={(allowedModels) => set({ allowedModels })}
      />
      <MultiSelect
        label="Roles it may call by"
        placeholder={values.allowedRoles.length === 0 ? 'All roles' : ''}
        description="With roles and no models above, it calls by these roles only."
        searchable
        clearable
        nothingFoundMessage="No such role"
        data={[...new Set([...(data?.roles ?? []).map(({ name }) => name), ...values.allowedRoles])]}
        value={[...values.allowedRoles]}
        error={problems.allowedRoles}
        onChange={(allowedRoles) => set({ allowedRoles })}
      />
      <TextInput
        label="What “auto” means for it"
        placeholder="the router’s choice"
        description="A model, an alias, a chain or role:name; for apps that name no model."
        value={values.defaultModel}
        error={problems.defaultModel}
        onChange={(event) => set({ defaultModel: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <NumberInput
          label="Calls a minute"
          placeholder="no limit"
          min={1}
          max={1_000_000}
          allowDecimal={false}
          thousandSeparator=","
          value={values.requestsPerMinute}
          error={problems.requestsPerMinute}
          onChange={(value) => set({ requestsPerMinute: typeof value === 'number' ? value : '' })}
        />
        <NumberInput
          label="Tokens a minute"
          placeholder="no limit"
          min={1}
          allowDecimal={false}
          thousandSeparator=","
          value={values.tokensPerMinute}
          error={problems.tokensPerMinute}
          onChange={(value) => set({ tokensPerMinute: typeof value === 'number' ? value : '' })}
        />
      </div>
      <div className={classes.pair}>
        <TextInput
          label="Budget of its own, USD"
          placeholder="none"
          inputMode="decimal"
          value={values.budgetLimit}
          error={problems.budget ?? problems.limit}
          onChange={(event) => set({ budgetLimit: event.currentTarget.value })}
        />
        <Select
          label="The budget is for"
          data={windows}
          value={values.budgetWindow}
          allowDeselect={false}
          disabled={values.budgetLimit.trim() === ''}
          onChange={(value) => set({ budgetWindow: (value ?? 'MONTH') as KeyLimitValues['budgetWindow'] })}
        />
      </div>
    </div>
  );
}

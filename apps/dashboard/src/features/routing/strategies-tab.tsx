'use client';

import { Button, Group, Modal, SegmentedControl, Select, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { RoutingSettingsDocument } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { scopeWords } from './preference-form.ts';
import { SettingEditor } from './setting-editor.tsx';
import classes from './strategies-tab.module.css';
import { strategyLabel } from './strategy-words.ts';

/** How requests are ranked where no rule says otherwise: for the team, and for roles, steps and names of their own. */
export function StrategiesTab({ mayManage }: { mayManage: boolean }) {
  const [address, change] = useAddressState();
  const [isAdding, setAdding] = useState(false);
  const [{ data, error }, reload] = useQuery({ query: RoutingSettingsDocument, requestPolicy: 'cache-and-network' });
  const routing = data?.routing;
  const wanted = address.get('scope') ?? 'team';
  if (error && !routing) return <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} />;
  if (!routing) return <Skeleton h={420} radius={12} />;
  const scopes = [...new Set(['team', ...routing.settings.map(({ scope }) => scope), wanted])];
  const known = routing.settings.find(({ scope }) => scope === wanted);
  const inherited = routing.settings.find(({ scope }) => scope === 'team')?.preferences.strategy;
  const fromFile = routing.filePreferences?.strategy;
  return (
    <div className={classes.columns}>
      <nav className={classes.scopes} aria-label="Scopes">
        <p className={classes.note}>The narrowest scope that says something wins.</p>
        <ul>
          {scopes.map((scope) => {
            const setting = routing.settings.find((each) => each.scope === scope);
            return (
              <li key={scope}>
                <button
                  type="button"
                  className={classes.scope}
                  aria-current={scope === wanted ? 'true' : undefined}
                  onClick={() => change({ scope: scope === 'team' ? null : scope })}
                >
                  <span>{scopeWords(scope)}</span>
                  <span className={classes.muted}>
                    {setting?.preferences.strategy
                      ? strategyLabel(setting.preferences.strategy)
                      : scope === 'team'
                        ? `not set: ${strategyLabel(fromFile ?? 'BALANCED')}`
                        : 'as set wider'}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
        {mayManage ? (
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            Add a scope
          </Button>
        ) : null}
        {fromFile ? (
          <p className={classes.note}>
            The configuration file sets {strategyLabel(fromFile)} for all teams; what is set here comes before it.
          </p>
        ) : null}
      </nav>
      <SettingEditor
        key={`${wanted}-${known?.revision ?? 0}`}
        scope={wanted}
        setting={known}
        usualStrategy={
          wanted === 'team' || wanted.startsWith('name:') ? (fromFile ?? null) : (inherited ?? fromFile ?? null)
        }
        isAdaptiveOn={routing.isAdaptiveOn}
        mayManage={mayManage}
      />
      {isAdding ? (
        <AddScope
          onClose={() => setAdding(false)}
          onAdd={(scope) => {
            setAdding(false);
            change({ scope });
          }}
        />
      ) : null}
    </div>
  );
}

function AddScope({ onAdd, onClose }: { onAdd(scope: string): void; onClose(): void }) {
  const { names } = useModelChoices();
  const [kind, setKind] = useState<'role' | 'step' | 'name'>('role');
  const [workflow, setWorkflow] = useState('');
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = value.trim();
    if (text === '' || /[\s/#]/.test(text) || /[\s/#]/.test(workflow.trim()))
      return setProblem('Give a name without spaces, slashes and #.');
    onAdd(kind === 'step' ? `step:${workflow.trim()}/${text}` : `${kind}:${text}`);
  };
  return (
    <Modal opened onClose={onClose} title="Add a scope" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <SegmentedControl
            aria-label="Kind of scope"
            value={kind}
            onChange={(next) => {
              setKind(next as typeof kind);
              setValue('');
              setProblem(undefined);
            }}
            data={[
              { value: 'role', label: 'Role' },
              { value: 'step', label: 'Workflow step' },
              { value: 'name', label: 'Alias or chain' },
            ]}
          />
          {kind === 'step' ? (
            <TextInput label="Workflow" value={workflow} onChange={(event) => setWorkflow(event.currentTarget.value)} />
          ) : null}
          {kind === 'name' ? (
            <Select
              label="Alias or chain"
              placeholder={names.length === 0 ? 'There is none yet' : 'Choose one'}
              data={names.map(({ name }) => name).filter((name) => name !== 'auto')}
              value={value || null}
              error={problem}
              onChange={(next) => setValue(next ?? '')}
            />
          ) : (
            <TextInput
              label={kind === 'role' ? 'Role' : 'Step'}
              placeholder={kind === 'role' ? 'coder' : 'draft'}
              value={value}
              error={problem}
              data-autofocus
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Set it up</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

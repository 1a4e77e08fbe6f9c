'use client';

import { ActionIcon, Button, Menu, Switch, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconBolt,
  IconDots,
  IconExternalLink,
  IconLock,
  IconPencil,
  IconPlugConnected,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation } from 'urql';
import { type ProvidersQuery, SetProviderEnabledDocument } from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { CircuitList } from './circuit-list.tsx';
import { ProviderFacts } from './provider-facts.tsx';
import { providerStates, sourceWord } from './provider-state.ts';
import classes from './providers-page.module.css';
import { useConnectionTest } from './use-connection-test.ts';

export type ListedProvider = ProvidersQuery['providers'][number];

interface Props {
  provider: ListedProvider;
  mayManage: boolean;
  /** What it was told to get wrong; undefined when it cannot be broken here. */
  broken: readonly string[] | undefined;
  onEdit(): void;
  onDelete(): void;
  onBreak(): void;
}

/** One provider: how it stands, where it comes from, and what can be done with it. */
export function ProviderCard({ provider, mayManage, broken, onEdit, onDelete, onBreak }: Props) {
  const { isTesting, outcome, run } = useConnectionTest(provider.id);
  const [{ fetching: isSwitching }, setEnabled] = useMutation(SetProviderEnabledDocument);
  const { word, tone, icon: Icon } = providerStates[provider.state];
  const source = sourceWord(provider.source, provider.sourceDetail);
  const name = provider.displayName;

  const switchTo = async (isEnabled: boolean) => {
    const { data, error } = await setEnabled({ input: { providerId: provider.id, isEnabled } });
    const result = data?.setProviderEnabled;
    if (result?.__typename === 'SetProviderEnabledSuccess') return;
    const message = error ? describeFailure(error).message : (result?.message ?? 'It was not switched. Try again.');
    notifications.show({ color: 'red', message });
  };

  return (
    <article className={classes.card} aria-labelledby={`provider-${provider.id}`}>
      <header className={classes.header}>
        <div className={classes.identity}>
          <h2 id={`provider-${provider.id}`}>{name}</h2>
          <span className={classes.state} data-tone={tone}>
            <Icon size={14} aria-hidden="true" /> {word}
          </span>
        </div>
        <div className={classes.badges}>
          <code>{provider.slug}</code>
          <OriginBadge origin={provider.origin} />
          {source ? <span className={classes.source}>{source}</span> : null}
          {provider.isReadOnly ? (
            <Tooltip label={provider.readOnlyReason ?? 'Read-only here'} multiline maw={280}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip must be reachable by keyboard. */}
              <span className={classes.source} tabIndex={0}>
                <IconLock size={11} aria-hidden="true" /> read-only
              </span>
            </Tooltip>
          ) : null}
        </div>
      </header>
      {provider.stateMessage ? <p className={classes.message}>{provider.stateMessage}</p> : null}
      <ProviderFacts provider={provider} />
      <CircuitList circuits={provider.circuits} />
      {broken && broken.length > 0 ? (
        <p className={classes.broken}>
          <IconBolt size={14} aria-hidden="true" /> Broken on purpose: {broken.join(', ')}
        </p>
      ) : null}
      <div role="status">
        {outcome ? (
          <p className={classes.result} data-ok={outcome.isOk}>
            {outcome.text}
          </p>
        ) : null}
      </div>
      {provider.isReadOnly && provider.source !== 'SIMULATOR' ? (
        <p className={classes.readOnly}>{provider.readOnlyReason}</p>
      ) : null}
      <footer className={classes.footer}>
        <Button
          variant="default"
          size="xs"
          loading={isTesting}
          disabled={!mayManage}
          leftSection={<IconPlugConnected size={14} />}
          onClick={run}
          aria-label={`Test connection to ${name}`}
        >
          Test connection
        </Button>
        {broken ? (
          <Button
            variant="default"
            size="xs"
            disabled={!mayManage}
            leftSection={<IconBolt size={14} />}
            onClick={onBreak}
            aria-label={`Break it: ${name}`}
          >
            Break it
          </Button>
        ) : null}
        {provider.keyPageUrl ? (
          <a className={classes.link} href={provider.keyPageUrl} target="_blank" rel="noopener noreferrer">
            Get a key <IconExternalLink size={13} aria-hidden="true" />
            <span className="visually-hidden">for {name}</span>
          </a>
        ) : null}
        {provider.isReadOnly ? null : (
          <span className={classes.own}>
            <Switch
              size="sm"
              aria-label={`${name} is switched on`}
              checked={provider.isEnabled}
              disabled={!mayManage || isSwitching}
              onChange={(event) => switchTo(event.currentTarget.checked)}
            />
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon aria-label={`More about ${name}`} disabled={!mayManage}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconPencil size={15} />} onClick={onEdit}>
                  Edit
                </Menu.Item>
                <Menu.Item leftSection={<IconTrash size={15} />} color="red" onClick={onDelete}>
                  Delete
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </span>
        )}
      </footer>
    </article>
  );
}

'use client';

import { Button } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconExternalLink,
  IconKey,
  IconPlugConnected,
  IconXboxXFilled,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import { formatDuration } from '../../format/number-format.ts';
import { type ProviderState, type ProvidersQuery, TestProviderDocument } from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { CopyButton } from '../../shell/copy-button.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import classes from './providers-page.module.css';

const states = {
  READY: { word: 'Ready', tone: 'good', icon: IconCircleCheckFilled },
  KEY_MISSING: { word: 'Key missing', tone: 'neutral', icon: IconKey },
  KEY_REJECTED: { word: 'Key rejected', tone: 'bad', icon: IconXboxXFilled },
  UNREACHABLE: { word: 'Unreachable', tone: 'warn', icon: IconAlertTriangleFilled },
  UNTESTED: { word: 'Not tested yet', tone: 'neutral', icon: IconCircleDashed },
  DISABLED: { word: 'Switched off', tone: 'neutral', icon: IconCircleDashed },
  SHADOWED: { word: 'Id taken', tone: 'warn', icon: IconAlertTriangleFilled },
} as const satisfies Record<ProviderState, unknown>;

interface TestOutcome {
  isOk: boolean;
  text: string;
}

export function ProviderCard({ provider }: { provider: ProvidersQuery['providers'][number] }) {
  const [{ fetching }, test] = useMutation(TestProviderDocument);
  const [outcome, setOutcome] = useState<TestOutcome>();
  const { word, tone, icon: Icon } = states[provider.state];

  const run = async () => {
    setOutcome(undefined);
    const { data, error } = await test({ input: { providerId: provider.id } });
    const result = data?.testProvider;
    if (result?.__typename === 'TestProviderSuccess') {
      const models = result.modelCount === null ? '' : `, ${result.modelCount} models`;
      setOutcome({
        isOk: result.isOk,
        text: result.isOk ? `${result.message} (${formatDuration(result.latencyMs)}${models})` : result.message,
      });
    } else
      setOutcome({ isOk: false, text: error ? describeFailure(error).message : (result?.message ?? 'No answer.') });
  };

  return (
    <article className={classes.card}>
      <header className={classes.header}>
        <h2>{provider.displayName}</h2>
        <OriginBadge origin={provider.origin} />
        <span className={classes.state} data-tone={tone}>
          <Icon size={14} aria-hidden="true" /> {word}
        </span>
      </header>
      {provider.stateMessage ? <p className={classes.message}>{provider.stateMessage}</p> : null}
      <dl className={classes.facts}>
        <div className={classes.fact}>
          <dt>Endpoint</dt>
          <dd>
            <code>{provider.baseUrl}</code>
          </dd>
        </div>
        {provider.keyVariable ? (
          <div className={classes.fact}>
            <dt>Key</dt>
            <dd>
              <span>
                {provider.keyLastFour
                  ? `ends in ${provider.keyLastFour}, from`
                  : provider.origin === 'SIMULATED'
                    ? 'to go live set'
                    : 'set'}
              </span>
              <code>{provider.keyVariable}</code>
              <CopyButton value={provider.keyVariable} label={`Copy ${provider.keyVariable}`} />
            </dd>
          </div>
        ) : null}
        <div className={classes.fact}>
          <dt>Models</dt>
          <dd>
            <AppLink className={classes.link} href={`/models?provider=${encodeURIComponent(provider.slug)}`}>
              {provider.models.length}
              <span className="visually-hidden"> models of {provider.displayName}</span>
            </AppLink>
          </dd>
        </div>
        <div className={classes.fact}>
          <dt>Last test</dt>
          <dd>{provider.lastTestedAt ? formatAge(provider.lastTestedAt, Date.now()) : 'never'}</dd>
        </div>
      </dl>
      <div role="status">
        {outcome ? (
          <p className={classes.result} data-ok={outcome.isOk}>
            {outcome.text}
          </p>
        ) : null}
      </div>
      <footer className={classes.footer}>
        <Button
          variant="default"
          size="xs"
          loading={fetching}
          leftSection={<IconPlugConnected size={14} />}
          onClick={run}
          aria-label={`Test connection to ${provider.displayName}`}
        >
          Test connection
        </Button>
        {provider.keyPageUrl ? (
          <a className={classes.link} href={provider.keyPageUrl} target="_blank" rel="noopener noreferrer">
            Get a key <IconExternalLink size={13} aria-hidden="true" />
            <span className="visually-hidden">for {provider.displayName}</span>
          </a>
        ) : null}
      </footer>
    </article>
  );
}

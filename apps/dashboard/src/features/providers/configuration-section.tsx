'use client';

import { Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconFileCode,
  IconRefresh,
  IconXboxXFilled,
} from '@tabler/icons-react';
import { useMutation, useQuery } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import {
  ConfigurationDocument,
  type ConfigurationFieldsFragment,
  ReloadConfigurationDocument,
} from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ChainDiagram } from './chain-diagram.tsx';
import classes from './configuration-section.module.css';

const states = {
  ABSENT: { word: 'No file', tone: 'neutral', icon: IconFileCode },
  LOADED: { word: 'In force', tone: 'good', icon: IconCircleCheckFilled },
  LAST_GOOD_KEPT: { word: 'Last good one kept', tone: 'bad', icon: IconXboxXFilled },
} as const satisfies Record<ConfigurationFieldsFragment['state'], unknown>;

/** The configuration file with what is wrong with it, and the names that it gives to models. */
export function ConfigurationSection({
  mayManage,
  openModelIds,
}: {
  mayManage: boolean;
  openModelIds: ReadonlySet<string>;
}) {
  const [{ data, error }] = useQuery({ query: ConfigurationDocument, requestPolicy: 'cache-and-network' });
  const [{ fetching }, reload] = useMutation(ReloadConfigurationDocument);
  if (error && !data) return null;
  if (!data) return <Skeleton h={150} radius={12} mt={12} />;
  const { configuration, modelAliases, failoverChains } = data;
  const { word, tone, icon: Icon } = states[configuration.state];
  const isAbsent = configuration.state === 'ABSENT';

  const reloadNow = async () => {
    const answer = await reload({});
    const result = answer.data?.reloadConfiguration;
    if (result?.__typename === 'ReloadConfigurationSuccess') {
      const message = result.isApplied
        ? 'The file was read again and is in force.'
        : 'The file has errors; the last good one stays in force.';
      notifications.show({ message, ...(result.isApplied ? {} : { color: 'red' }) });
    } else
      notifications.show({
        color: 'red',
        message: answer.error ? describeFailure(answer.error).message : (result?.message ?? 'The file was not read.'),
      });
  };

  return (
    <div className={classes.section}>
      <section className={classes.card} aria-labelledby="configuration">
        <header className={classes.header}>
          <h2 id="configuration">Configuration file</h2>
          <span className={classes.state} data-tone={tone}>
            <Icon size={14} aria-hidden="true" /> {word}
          </span>
          {mayManage ? (
            <Button
              variant="default"
              size="xs"
              loading={fetching}
              leftSection={<IconRefresh size={14} />}
              onClick={reloadNow}
            >
              Reload
            </Button>
          ) : null}
        </header>
        <p className={classes.text}>
          {isAbsent ? (
            <>
              Providers, aliases and failover chains for the whole installation can stand in{' '}
              <code>{configuration.fileName}</code>. It is looked for in{' '}
              <code>{configuration.path ?? 'the data folder'}</code>.
            </>
          ) : (
            <>
              <code>{configuration.path ?? configuration.fileName}</code>
              {configuration.loadedAt ? `, taken ${formatAge(configuration.loadedAt, Date.now())}` : ''}. What stands in
              it is read-only here.
            </>
          )}
        </p>
        {configuration.problems && configuration.problems.length > 0 ? (
          <ul className={classes.problems} aria-label="Problems of the file">
            {configuration.problems.map((problem) => (
              <li key={`${problem.line}:${problem.column}${problem.code}`} data-severity={problem.severity}>
                <IconAlertTriangleFilled size={14} aria-hidden="true" />
                <div>
                  <code className={classes.place}>
                    {configuration.fileName}:{problem.line}:{problem.column}
                  </code>{' '}
                  {problem.message}
                  {problem.suggestion ? <span className={classes.suggestion}> {problem.suggestion}</span> : null}
                </div>
              </li>
            ))}
          </ul>
        ) : null}
      </section>
      {failoverChains.length + modelAliases.length > 0 ? (
        <section className={classes.card} aria-labelledby="names">
          <header className={classes.header}>
            <h2 id="names">Aliases and chains</h2>
          </header>
          <p className={classes.text}>
            Names that can be written wherever a model is asked for. A chain asks the next model when one cannot answer.
          </p>
          <dl className={classes.names}>
            {failoverChains.map(({ name, models, source }) => (
              <div key={`chain ${name}`} className={classes.entry}>
                <dt>
                  <strong>{name}</strong>
                  <span className={classes.source}>chain, {source}</span>
                </dt>
                <dd>
                  <ChainDiagram stops={models} openModelIds={openModelIds} />
                </dd>
              </div>
            ))}
            {modelAliases.map(({ name, target, resolvesTo, source }) => (
              <div key={`alias ${name}`} className={classes.entry}>
                <dt>
                  <strong>{name}</strong>
                  <span className={classes.source}>alias, {source}</span>
                </dt>
                <dd className={classes.alias}>
                  {resolvesTo.length === 1 && resolvesTo[0] === target
                    ? target
                    : `${target} (${resolvesTo.join(' → ')})`}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
    </div>
  );
}

'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { type ExperimentFieldsFragment, ExperimentRegistrationDocument } from '../../gql/experiments.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { CopyButton } from '../../shell/copy-button.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import {
  answererOf,
  baselineOf,
  capOf,
  goalsOf,
  isLiveSplit,
  isMap,
  plannedUnitsOf,
  readAt,
  scorersOf,
  unitsOf,
  variantsOf,
} from './definition.ts';
import { downloadFile } from './download-file.ts';
import { fileNameOf } from './file-name.ts';
import { metricName, sizeWords } from './metric-words.ts';
import classes from './plan-tab.module.css';
import { mostItCosts } from './plan-words.ts';

/** What was decided before the start, in words and as the text whose fingerprint is kept. */
export function PlanTab({ experiment }: { experiment: ExperimentFieldsFragment }) {
  const { id, name, definition } = experiment;
  const [{ data, error }, refetch] = useQuery({ query: ExperimentRegistrationDocument, variables: { id } });
  const frozen = isMap(definition) ? definition : {};
  const { primary, guardrails } = goalsOf(frozen);
  const smallest = readAt(frozen, ['smallestEffect']);
  const alpha = readAt(frozen, ['stop', 'alpha']);
  const ends = [
    ['onWin', 'a clear winner'],
    ['onHarm', 'harm for sure'],
    ['onFutility', 'nothing left to find'],
  ].flatMap(([key = '', words = '']) => (readAt(frozen, ['stop', key]) === false ? [] : [words]));
  const hash = data?.experiment?.registrationHash ?? experiment.registrationHash;
  const text = data?.experiment?.registration;
  return (
    <div className={classes.cards}>
      <section className={classes.card}>
        <h2>Decided before the start{experiment.startedAt ? `, ${formatMoment(experiment.startedAt)}` : ''}</h2>
        <dl className={classes.list}>
          <dt>Question</dt>
          <dd>{String(readAt(frozen, ['hypothesis']) ?? '')}</dd>
          <dt>Variants</dt>
          <dd>
            {variantsOf(frozen).map((variant) => (
              <span key={variant.key}>
                <strong>{variant.key}</strong> {answererOf(variant)}
                {variant.key === baselineOf(frozen) ? ', the baseline' : ''}
              </span>
            ))}
          </dd>
          <dt>Items</dt>
          <dd>
            {experiment.dataset && experiment.datasetVersion ? (
              <>
                <AppLink href={`/datasets?id=${encodeURIComponent(experiment.dataset.id)}`}>
                  {experiment.dataset.name}
                </AppLink>
                , version {experiment.datasetVersion.version}:{' '}
              </>
            ) : null}
            {isLiveSplit(frozen)
              ? `${plannedUnitsOf(frozen)} ${unitsOf(frozen)} of the step ${String(readAt(frozen, ['source', 'stepId']))} of ${String(readAt(frozen, ['source', 'workflowName']))}`
              : `${experiment.plannedItems} in random order`}
            {Number(readAt(frozen, ['source', 'repeats'])) > 1
              ? `, each answered ${String(readAt(frozen, ['source', 'repeats']))} times by every variant`
              : ''}
          </dd>
          <dt>Decides</dt>
          <dd>
            {primary ? (
              <span>
                {metricName(primary.metric)}, {primary.better} is better;{' '}
                {primary.margin > 0
                  ? `asked is “not worse by more than ${sizeWords(primary.metric, primary.margin)}”`
                  : 'asked is “better”'}
                {typeof smallest === 'number' ? `; ${sizeWords(primary.metric, smallest)} would matter` : ''}
              </span>
            ) : null}
          </dd>
          {guardrails.length > 0 ? (
            <>
              <dt>Guardrails</dt>
              <dd>
                {guardrails.map(({ metric, margin }) => (
                  <span key={metric}>
                    {metricName(metric)}: worse by {sizeWords(metric, margin)} at most
                  </span>
                ))}
              </dd>
            </>
          ) : null}
          {scorersOf(frozen).length > 0 ? (
            <>
              <dt>Scorers</dt>
              <dd>
                {scorersOf(frozen).map(([scorer, { check, judge }]) => (
                  <span key={scorer}>
                    <strong>{scorer}</strong>{' '}
                    {isMap(check)
                      ? String(check.type)
                      : isMap(judge)
                        ? `${String(judge.type)} by ${String(judge.model)}`
                        : ''}
                  </span>
                ))}
              </dd>
            </>
          ) : null}
          <dt>Stops at</dt>
          <dd>
            {[...ends, 'the cap', 'the last item'].join(', ')}
            {typeof alpha === 'number' ? `; wrong in ${Number((alpha * 100).toFixed(1))} % at the most` : ''}
          </dd>
          <dt>Costs</dt>
          <dd>{mostItCosts(capOf(frozen), Number(readAt(frozen, ['caps', 'concurrency'])) || 4)}</dd>
        </dl>
      </section>
      <section className={classes.card}>
        <h2>Fingerprint</h2>
        <p className={classes.note}>
          SHA-256 of the text below. Keep it before you look at results, and anybody can check that nothing was changed.
        </p>
        {hash ? (
          <p className={classes.hash}>
            <code>{hash}</code> <CopyButton value={hash} label="Copy the fingerprint" />
          </p>
        ) : null}
        {error && !data ? (
          <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
        ) : text === undefined ? (
          <Skeleton h={200} radius={8} />
        ) : text === null ? null : (
          <>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
            <section tabIndex={0} aria-label="What was decided before the start" className={classes.text}>
              {text}
            </section>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={15} />}
              onClick={() => downloadFile(`${fileNameOf(name)}-plan.json`, text, 'application/json')}
            >
              Download
            </Button>
          </>
        )}
      </section>
    </div>
  );
}

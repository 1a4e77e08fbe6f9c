'use client';

import { Button, SegmentedControl, Select, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import {
  type MetricFilterInput,
  type ModelTier,
  ReportComparisonDocument,
  ReportPlacesDocument,
} from '../../gql/reports.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { criteria, gatherDifferences } from './criterion-words.ts';
import { withoutTypes } from './export-groups.ts';
import { download } from './export-table.ts';
import { OriginSwitch } from './origin-switch.tsx';
import { RangeFields } from './range-fields.tsx';
import { ReportNav } from './report-nav.tsx';
import { rangeOf } from './report-range.ts';
import classes from './reports.module.css';
import { useReportOrigin } from './use-report-origin.ts';

const tiers = [
  { value: 'FRONTIER', label: 'Frontier models' },
  { value: 'STRONG', label: 'Strong models' },
  { value: 'FAST', label: 'Fast models' },
  { value: 'SMALL', label: 'Small models' },
];

/** Providers or models side by side, with intervals and places that say when a difference is not real. */
export function ProviderComparisonPage() {
  const [address, change] = useAddressState();
  const { origin, isKnown } = useReportOrigin();
  const [nowMs] = useState(Date.now);
  const range = useMemo(() => rangeOf(address, nowMs), [address, nowMs]);
  const by = address.get('by') === 'provider' ? ('PROVIDER' as const) : ('MODEL' as const);
  const tier = tiers.find(({ value }) => value === address.get('tier'))?.value as ModelTier | undefined;
  const place = address.get('place');
  const filter = filterOf(place);
  const span = { from: range.from, to: range.to, origin };
  const [{ data: places }] = useQuery({ query: ReportPlacesDocument, variables: span, pause: !isKnown });
  const [{ data, error }, retry] = useQuery({
    query: ReportComparisonDocument,
    variables: { ...span, by, ...(filter ? { filter } : {}), ...(tier ? { tier } : {}) },
    pause: !isKnown,
    requestPolicy: 'cache-and-network',
  });
  const found = data?.providerComparison;
  const choices = [
    ...choicesOf('step', 'Step', places?.steps.groups),
    ...choicesOf('task', 'Kind', places?.kinds.groups),
  ];
  return (
    <>
      <PageHeader
        title="Compare providers"
        description="Who is faster, cheaper, better and more reliable; and where the calls do not tell."
        actions={<OriginSwitch origin={origin} />}
      />
      <ReportNav />
      <div className={classes.controls}>
        <RangeFields />
        <SegmentedControl
          size="sm"
          aria-label="What is compared"
          data={[
            { value: 'MODEL', label: 'Models' },
            { value: 'PROVIDER', label: 'Providers' },
          ]}
          value={by}
          onChange={(value) => change({ by: value === 'MODEL' ? null : 'provider' })}
        />
        <Select
          aria-label="Where"
          placeholder="Everywhere"
          clearable
          searchable
          w={210}
          data={
            place && !choices.some(({ value }) => value === place)
              ? [{ value: place, label: place.slice(5) }, ...choices]
              : choices
          }
          value={place}
          onChange={(value) => change({ place: value })}
        />
        <Select
          aria-label="Class of models"
          placeholder="All classes"
          clearable
          w={170}
          data={tiers}
          value={tier ?? null}
          onChange={(value) => change({ tier: value })}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          disabled={!found || found.subjects.length === 0}
          onClick={() =>
            found &&
            download('switchyard-comparison.json', 'application/json', `${JSON.stringify(found, withoutTypes, 2)}\n`)
          }
        >
          JSON
        </Button>
      </div>
      {error && !found ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => retry({ requestPolicy: 'network-only' })} />
      ) : null}
      {!found && !error ? <Skeleton h={320} radius={12} aria-busy="true" /> : null}
      {found && found.subjects.length === 0 ? (
        <EmptyState
          title="Nothing to compare yet"
          action={
            place || tier ? (
              <Button variant="default" onClick={() => change({ place: null, tier: null })}>
                Compare everything
              </Button>
            ) : (
              <Button component={AppLink} href="/compare">
                Run a comparison
              </Button>
            )
          }
        >
          No calls of {range.words} match. Models are compared by the calls that they answered, so they must have some.
        </EmptyState>
      ) : null}
      {found && found.subjects.length > 0 ? (
        <div className={classes.stack}>
          <ComparisonTable subjects={found.subjects} address={address} by={by} />
          <section className={classes.card} aria-labelledby="sure-differences">
            <div className={classes.cardHead}>
              <h2 id="sure-differences">What is more than chance</h2>
            </div>
            {found.differences.length === 0 ? (
              <p className={classes.quiet}>
                Nothing: the calls of {range.words} do not show that one is faster, cheaper, better or more reliable
                than another. More calls, or a longer range, may.
              </p>
            ) : (
              <ul className={classes.differences}>
                {gatherDifferences(found.differences).map(({ criterion, better, worse }) => (
                  <li key={`${criterion} ${better}`}>
                    <strong>{better}</strong> is {criteria[criterion].better} than {worse.join(', ')}
                  </li>
                ))}
              </ul>
            )}
          </section>
          <p className={classes.quiet}>
            Places such as 1–2 are shared: the data leave the order open. Each pair is tested, corrected for the number
            of pairs. Overall, one stands before another when it is surely better by something and surely worse by
            nothing.
            {place ? '' : ' Models that do different work are not alike: choose a step or a kind of task.'}
          </p>
        </div>
      ) : null}
    </>
  );
}

function filterOf(place: string | null): MetricFilterInput | undefined {
  if (place?.startsWith('step:')) return { steps: [place.slice(5)] };
  if (place?.startsWith('task:')) return { taskClasses: [place.slice(5)] };
  return undefined;
}

function choicesOf(
  kind: 'step' | 'task',
  word: string,
  groups: readonly { readonly values: readonly { readonly value: string; readonly label: string }[] }[] | undefined,
) {
  return (groups ?? []).flatMap(({ values: [first] }) =>
    first ? [{ value: `${kind}:${first.value}`, label: `${word}: ${first.label}` }] : [],
  );
}

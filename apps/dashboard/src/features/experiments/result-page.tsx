'use client';

import { Skeleton, Tabs } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useEffect, useRef } from 'react';
import type { ExperimentFieldsFragment } from '../../gql/experiments.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import type { AddressProps } from './experiment-list-page.tsx';
import { PromotionNotice } from './promotion-notice.tsx';
import classes from './result.module.css';
import { ResultHeader } from './result-header.tsx';
import { ResultsTab } from './results-tab.tsx';
import { useResults } from './use-results.ts';
import { VerdictCard } from './verdict-card.tsx';

const AnswersTab = dynamic(() => import('./answers-tab.tsx').then((module) => module.AnswersTab), { ssr: false });
const HealthTab = dynamic(() => import('./health-tab.tsx').then((module) => module.HealthTab), { ssr: false });
const RankingTab = dynamic(() => import('./ranking-tab.tsx').then((module) => module.RankingTab), { ssr: false });
const PlanTab = dynamic(() => import('./plan-tab.tsx').then((module) => module.PlanTab), { ssr: false });

export interface ResultProps extends AddressProps {
  experiment: ExperimentFieldsFragment;
  reload(): void;
}

const tabs = [
  { value: 'results', label: 'Results' },
  { value: 'answers', label: 'Answers' },
  { value: 'health', label: 'Health' },
  { value: 'ranking', label: 'Ranking' },
  { value: 'plan', label: 'Plan' },
] as const;

/** What a test has shown: the verdict in plain words first, then the numbers, the answers, and whether it is sound. */
export function ResultPage({ experiment: known, address, onChange }: ResultProps) {
  const { test, looks, progress, isLost, failure, reload } = useResults(known.id, known.state === 'running');
  const experiment = test ?? known;
  const results = test?.results ?? undefined;
  const wanted = address.get('tab');
  const tab = tabs.find(({ value }) => value === wanted)?.value ?? 'results';
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a narrow screen the list scrolls sideways; the open tab must be in sight.
    const open = list.current?.querySelector(`[data-tab="${tab}"]`);
    open?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  const cautions = results?.health.cautions.length ?? 0;
  return (
    <>
      <ResultHeader experiment={experiment} results={results} onChanged={reload} />
      {isLost ? (
        <p className={classes.lost} role="status">
          The connection was lost; it is taken up again by itself. The test goes on meanwhile.
        </p>
      ) : null}
      <VerdictCard experiment={experiment} results={results} progress={progress} />
      <PromotionNotice experiment={experiment} onChanged={reload} />
      {failure ? <FailureNotice failure={failure} onRetry={reload} /> : null}
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          onChange({ tab: value === 'results' ? null : value, shown: null, of: null, after: null, before: null })
        }
      >
        <Tabs.List ref={list} className={classes.tabs} aria-label="Parts of the result">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value} data-tab={value}>
              {label}
              {value === 'health' && cautions > 0 ? (
                <span className={classes.count}>
                  {cautions}
                  <span className="visually-hidden"> cautions</span>
                </span>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="results">
          {results ? (
            <ResultsTab experiment={experiment} results={results} looks={looks} />
          ) : failure ? null : (
            <Loading />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="answers">
          <AnswersTab experiment={experiment} address={address} onChange={onChange} />
        </Tabs.Panel>
        <Tabs.Panel value="health">
          {results ? <HealthTab experiment={experiment} results={results} /> : failure ? null : <Loading />}
        </Tabs.Panel>
        <Tabs.Panel value="ranking">
          <RankingTab experiment={experiment} />
        </Tabs.Panel>
        <Tabs.Panel value="plan">
          <PlanTab experiment={experiment} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Loading() {
  return (
    <div aria-busy="true" className={classes.loading}>
      <Skeleton h={180} radius={12} />
      <Skeleton h={240} radius={12} />
    </div>
  );
}

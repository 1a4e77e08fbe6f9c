'use client';

import { Skeleton, Tabs } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useEffect, useRef } from 'react';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import classes from './quality-page.module.css';
import { ScorersTab } from './scorers-tab.tsx';

const loading = () => <Skeleton h={320} radius={12} />;
const ScorerPage = dynamic(() => import('./scorer-page.tsx').then((module) => module.ScorerPage), {
  ssr: false,
  loading,
});
const FeedbackTab = dynamic(() => import('./feedback-tab.tsx').then((module) => module.FeedbackTab), {
  ssr: false,
  loading,
});

const tabs = [
  { value: 'scorers', label: 'Scorers' },
  { value: 'judges', label: 'Judges' },
  { value: 'feedback', label: 'Feedback' },
] as const;

/** Who says how good answers are: checks, judges and apps. One scorer or judge is opened by the address. */
export function QualityPage() {
  const [address, change] = useAddressState();
  const wanted = address.get('tab');
  const tab = tabs.find(({ value }) => value === wanted)?.value ?? 'scorers';
  const opened = address.get('scorer');
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-tab="${tab}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  if (opened !== null && tab !== 'feedback')
    return (
      <ScorerPage
        key={opened}
        id={opened === 'new' ? undefined : opened}
        isJudge={tab === 'judges'}
        onClose={() => change({ scorer: null })}
      />
    );
  return (
    <>
      <PageHeader
        title="Quality"
        description="Who says how good an answer is: checks that need no model, models that judge, and the apps that use the answers."
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          change({ tab: value === 'scorers' ? null : value, search: null, after: null, source: null })
        }
      >
        <Tabs.List ref={list} className={classes.tabs} aria-label="Quality">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value} data-tab={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="scorers">
          <ScorersTab kind="CHECK" address={address} onChange={change} />
        </Tabs.Panel>
        <Tabs.Panel value="judges">
          <ScorersTab kind="JUDGE" address={address} onChange={change} />
        </Tabs.Panel>
        <Tabs.Panel value="feedback">
          <FeedbackTab address={address} onChange={change} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

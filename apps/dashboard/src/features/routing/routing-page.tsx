'use client';

import { Tabs } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useEffect, useRef } from 'react';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import classes from './routing-page.module.css';
import { RulesTab } from './rules-tab.tsx';
import { useRuleDraft } from './use-rule-draft.ts';
import { useRuleProblems } from './use-rule-problems.ts';

const DryRunTab = dynamic(() => import('./dry-run-tab.tsx').then((module) => module.DryRunTab), { ssr: false });
const BackTestTab = dynamic(() => import('./back-test-tab.tsx').then((module) => module.BackTestTab), { ssr: false });
const StrategiesTab = dynamic(() => import('./strategies-tab.tsx').then((module) => module.StrategiesTab), {
  ssr: false,
});
const LearningTab = dynamic(() => import('./learning-tab.tsx').then((module) => module.LearningTab), { ssr: false });
const RecommendTab = dynamic(() => import('./recommend-tab.tsx').then((module) => module.RecommendTab), { ssr: false });
const DecisionsTab = dynamic(() => import('./decisions-tab.tsx').then((module) => module.DecisionsTab), { ssr: false });

const tabs = [
  { value: 'rules', label: 'Rules' },
  { value: 'try', label: 'Try a request' },
  { value: 'back-test', label: 'Back-test' },
  { value: 'strategies', label: 'Strategies' },
  { value: 'learning', label: 'Learning' },
  { value: 'recommend', label: 'Recommend' },
  { value: 'decisions', label: 'Decisions' },
] as const;

/** State of one tab means nothing to another. */
const cleared = { scope: null, strategy: null, decision: null };

/** Which model answers a request, and why: rules, tests of them, strategies, what was learned, and every decision. */
export function RoutingPage() {
  const [address, change] = useAddressState();
  const mayManage = useMayManage();
  const draft = useRuleDraft();
  const problems = useRuleProblems(draft.rules);
  const wanted = address.get('tab');
  const tab = tabs.find(({ value }) => value === wanted)?.value ?? 'rules';
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a narrow screen the list scrolls sideways; the open tab must be in sight.
    const open = list.current?.querySelector(`[data-tab="${tab}"]`);
    open?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  return (
    <>
      <PageHeader
        title="Routing"
        description="Rules first, then what may not serve is left out, then a strategy ranks the rest. Every decision says why."
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => change({ ...cleared, tab: value === 'rules' ? null : value })}
      >
        <Tabs.List ref={list} className={classes.tabs} aria-label="Routing">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value} data-tab={value}>
              {label}
              {value === 'rules' && draft.isChanged ? <span className={classes.draft}>draft</span> : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="rules">
          <RulesTab draft={draft} problems={problems} mayManage={mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="try">
          <DryRunTab draft={draft} problems={problems} />
        </Tabs.Panel>
        <Tabs.Panel value="back-test">
          <BackTestTab draft={draft} problems={problems} />
        </Tabs.Panel>
        <Tabs.Panel value="strategies">
          <StrategiesTab mayManage={mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="learning">
          <LearningTab mayManage={mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="recommend">
          <RecommendTab />
        </Tabs.Panel>
        <Tabs.Panel value="decisions">
          <DecisionsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

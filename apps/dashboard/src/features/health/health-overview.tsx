'use client';

import { Button, Tabs } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState } from 'react';
import { PageHeader } from '../../shell/page-header.tsx';
import { useMayManage } from '../providers/use-may-manage.ts';
import classes from './health-overview.module.css';
import { LiveSign } from './live-sign.tsx';
import { ProvidersTab } from './providers-tab.tsx';
import { useHealth } from './use-health.ts';
import { useMayRun } from './use-may-run.ts';
import { useOpenIncidents } from './use-open-incidents.ts';

const FailoverTab = dynamic(() => import('./failover-tab.tsx').then((module) => module.FailoverTab), { ssr: false });
const IncidentsTab = dynamic(() => import('./incidents-tab.tsx').then((module) => module.IncidentsTab), { ssr: false });
const RulesTab = dynamic(() => import('./rules-tab.tsx').then((module) => module.RulesTab), { ssr: false });
const MaintenanceTab = dynamic(() => import('./maintenance-tab.tsx').then((module) => module.MaintenanceTab), {
  ssr: false,
});
const MaintenanceDialog = dynamic(() => import('./maintenance-dialog.tsx').then((module) => module.MaintenanceDialog), {
  ssr: false,
});

const tabs = ['providers', 'incidents', 'failover', 'maintenance', 'rules'] as const;
type Tab = (typeof tabs)[number];
/** State of one tab means nothing to another. */
const cleared = { provider: null, state: null, of: null, after: null, before: null, rule: null };

interface Props {
  address: URLSearchParams;
  onChange(values: Record<string, string | null>): void;
}

/** Providers, incidents, failover, maintenance and alert rules; all of it live. */
export function HealthOverview({ address, onChange }: Props) {
  const health = useHealth({ isWithHistory: true });
  const open = useOpenIncidents();
  const mayManage = useMayManage();
  const mayRun = useMayRun();
  /** The provider for which maintenance is announced; an empty text before one is chosen. */
  const [maintainedId, setMaintainedId] = useState<string>();
  const wanted = address.get('tab') as Tab;
  const tab: Tab = tabs.includes(wanted) ? wanted : address.get('rule') === null ? 'providers' : 'rules';
  const openCount = open.totalCount ?? 0;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a narrow screen the list scrolls sideways; the open tab must be in sight.
    const shown = list.current?.querySelector(`[data-tab="${tab}"]`);
    shown?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  return (
    <>
      <PageHeader
        title="Health"
        description="How every provider is, from your calls as they end and from checks that cost nothing."
        actions={
          <>
            <LiveSign isLive={health.isLive} isKnown={health.providers !== undefined} />
            <Button
              variant="default"
              disabled={!mayManage || !health.providers}
              leftSection={<IconTool size={16} />}
              onClick={() => setMaintainedId('')}
            >
              Announce maintenance
            </Button>
          </>
        }
      />
      {mayManage ? null : (
        <p className={classes.hint}>
          {mayRun
            ? 'You can check providers and write notes. Maintenance is announced by admins and owners.'
            : 'You look on: developers check providers and write notes, admins and owners announce maintenance.'}
        </p>
      )}
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => onChange({ ...cleared, tab: value === 'providers' ? null : value })}
      >
        <Tabs.List ref={list} className={classes.tabs} aria-label="Health">
          <Tabs.Tab value="providers" data-tab="providers">
            Providers
          </Tabs.Tab>
          <Tabs.Tab value="incidents" data-tab="incidents">
            Incidents
            {openCount > 0 ? (
              <span className={classes.count}>
                {openCount}
                <span className="visually-hidden"> going on</span>
              </span>
            ) : null}
          </Tabs.Tab>
          <Tabs.Tab value="failover" data-tab="failover">
            Failover
          </Tabs.Tab>
          <Tabs.Tab value="maintenance" data-tab="maintenance">
            Maintenance
          </Tabs.Tab>
          <Tabs.Tab value="rules" data-tab="rules">
            Alert rules
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="providers">
          <ProvidersTab
            health={health}
            incidents={open.incidents}
            openId={address.get('provider')}
            onOpen={(id) => onChange({ provider: id })}
            onMaintain={setMaintainedId}
          />
        </Tabs.Panel>
        <Tabs.Panel value="incidents">
          <IncidentsTab address={address} providers={health.providers} open={open.incidents} onChange={onChange} />
        </Tabs.Panel>
        <Tabs.Panel value="failover">
          <FailoverTab mayManage={mayManage} providers={health.providers} />
        </Tabs.Panel>
        <Tabs.Panel value="maintenance">
          <MaintenanceTab mayManage={mayManage} onAnnounce={() => setMaintainedId('')} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RulesTab
            mayManage={mayManage}
            providers={health.providers}
            namedId={address.get('rule')}
            namedProvider={address.get('provider')}
          />
        </Tabs.Panel>
      </Tabs>
      {maintainedId !== undefined && health.providers ? (
        <MaintenanceDialog
          providers={health.providers}
          providerId={maintainedId}
          onClose={() => setMaintainedId(undefined)}
        />
      ) : null}
    </>
  );
}

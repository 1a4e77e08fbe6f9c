'use client';

import { Tabs } from '@mantine/core';
import dynamic from 'next/dynamic';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './team-page.module.css';

const MembersTab = dynamic(() => import('./members-tab.tsx').then((module) => module.MembersTab), { ssr: false });
const AuditTab = dynamic(() => import('../audit/audit-tab.tsx').then((module) => module.AuditTab), { ssr: false });
const SettingsTab = dynamic(() => import('../settings/settings-tab.tsx').then((module) => module.SettingsTab), {
  ssr: false,
});
const ApiKeysTab = dynamic(() => import('./api-keys-tab.tsx').then((module) => module.ApiKeysTab), { ssr: false });

const tabs = ['members', 'keys', 'audit', 'settings'] as const;
type Tab = (typeof tabs)[number];

/** State of one tab means nothing to another. */
const cleared = Object.fromEntries(
  ['new', 'entry', 'before', 'after', 'actor', 'type', 'object', 'request', 'search', 'from', 'to'].map((name) => [
    name,
    null,
  ]),
);

/** Who is in the team, which apps act for it, what was changed, and what holds for all. */
export function TeamPage() {
  const [address, change] = useAddressState();
  const team = useWorkspace()?.viewer.team;
  const wanted = address.get('tab') as Tab;
  const tab: Tab = tabs.includes(wanted) ? wanted : 'members';
  return (
    <>
      <PageHeader title="Team" description={team ? `Who and what acts for ${team.name}, and what they did.` : ' '} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => change({ ...cleared, tab: value === 'members' ? null : value })}
      >
        <Tabs.List className={classes.tabs} aria-label="Team">
          <Tabs.Tab value="members">Members</Tabs.Tab>
          <Tabs.Tab value="keys">API keys</Tabs.Tab>
          <Tabs.Tab value="audit">Audit log</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="members">
          <MembersTab />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <ApiKeysTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <SettingsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

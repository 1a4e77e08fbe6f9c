'use client';

import { Button, Tabs } from '@mantine/core';
import { IconAdjustments, IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { PendingApprovalCountDocument } from '../../gql/guardrails.ts';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { onChanged } from './budget-signal.ts';
import { BudgetsTab } from './budgets-tab.tsx';
import classes from './guardrails-page.module.css';
import { useBudgets } from './use-budgets.ts';

const AlertsTab = dynamic(() => import('../alerts/alerts-tab.tsx').then((module) => module.AlertsTab), { ssr: false });

const ApprovalsTab = dynamic(() => import('./approvals-tab.tsx').then((module) => module.ApprovalsTab), { ssr: false });
const BreachesTab = dynamic(() => import('./breaches-tab.tsx').then((module) => module.BreachesTab), { ssr: false });

const tabs = ['budgets', 'approvals', 'breaches', 'alerts'] as const;
/** State of one tab means nothing to another. */
const cleared = Object.fromEntries(
  ['new', 'adjust', 'channel', 'state', 'after', 'budget', 'kind', 'show'].map((name) => [name, null]),
);
type Tab = (typeof tabs)[number];

/** What calls may use, who asked for more, what was refused, and who is told. */
export function GuardrailsPage() {
  const [address, change] = useAddressState();
  const mayManage = useMayManage();
  const list = useBudgets();
  const [{ data: waiting }, recount] = useQuery({
    query: PendingApprovalCountDocument,
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => onChanged('approvals', () => recount({ requestPolicy: 'network-only' })), [recount]);
  const waitingCount = waiting?.budgetApprovals.totalCount ?? 0;
  const wanted = address.get('tab') as Tab;
  const tab: Tab = tabs.includes(wanted) ? wanted : 'budgets';
  const hasBudgets = list.budgets !== undefined && list.budgets.length > 0;
  return (
    <>
      <PageHeader
        title="Guardrails"
        description="Limits that hold, also with many calls at once; and who is told before they are reached."
        actions={
          tab === 'budgets' && hasBudgets ? (
            <>
              <Button
                variant="default"
                leftSection={<IconAdjustments size={16} />}
                disabled={!mayManage}
                onClick={() => change({ adjust: '1' })}
              >
                Adjust all
              </Button>
              <Button
                leftSection={<IconPlus size={16} />}
                disabled={!mayManage}
                onClick={() => change({ new: 'budget' })}
              >
                Make a budget
              </Button>
            </>
          ) : undefined
        }
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => change({ ...cleared, tab: value === 'budgets' ? null : value })}
      >
        <Tabs.List className={classes.tabs} aria-label="Guardrails">
          <Tabs.Tab value="budgets">Budgets</Tabs.Tab>
          <Tabs.Tab value="approvals">
            Approvals
            {waitingCount > 0 ? (
              <span className={classes.count}>
                {waitingCount}
                <span className="visually-hidden"> waiting</span>
              </span>
            ) : null}
          </Tabs.Tab>
          <Tabs.Tab value="breaches">Breaches</Tabs.Tab>
          <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="budgets">
          <BudgetsTab list={list} mayManage={mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="approvals">
          <ApprovalsTab mayManage={mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="breaches">
          <BreachesTab budgets={list.budgets} />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <AlertsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

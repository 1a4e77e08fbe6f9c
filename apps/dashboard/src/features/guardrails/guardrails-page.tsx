'use client';

import { Button, Tabs } from '@mantine/core';
import { IconAdjustments, IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { BudgetsTab } from './budgets-tab.tsx';
import classes from './guardrails-page.module.css';
import { useBudgets } from './use-budgets.ts';

const AlertsTab = dynamic(() => import('../alerts/alerts-tab.tsx').then((module) => module.AlertsTab), { ssr: false });

const tabs = ['budgets', 'alerts'] as const;
type Tab = (typeof tabs)[number];

/** What calls may use, who asked for more, what was refused, and who is told. */
export function GuardrailsPage() {
  const [address, change] = useAddressState();
  const mayManage = useMayManage();
  const list = useBudgets();
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
        onChange={(value) =>
          change({
            tab: value === 'budgets' ? null : value,
            new: null,
            adjust: null,
            channel: null,
            state: null,
            after: null,
            budget: null,
          })
        }
      >
        <Tabs.List className={classes.tabs} aria-label="Guardrails">
          <Tabs.Tab value="budgets">Budgets</Tabs.Tab>
          <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="budgets">
          <BudgetsTab list={list} mayManage={mayManage} />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <AlertsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

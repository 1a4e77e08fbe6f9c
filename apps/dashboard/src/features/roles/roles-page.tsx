'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { DefaultRoleBar } from './default-role-bar.tsx';
import { RoleCard } from './role-card.tsx';
import type { RoleView } from './role-view.ts';
import classes from './roles-page.module.css';
import { useRoles } from './use-role-data.ts';

const RoleDrawer = dynamic(() => import('./role-drawer.tsx').then((module) => module.RoleDrawer), { ssr: false });
const DeleteRoleDialog = dynamic(() => import('./delete-role-dialog.tsx').then((module) => module.DeleteRoleDialog), {
  ssr: false,
});

const days = 7;

/** Slots that workflows and apps ask for, and who answers for each. The role that is open is in the address. */
export function RolesPage() {
  const [address, change] = useAddressState();
  const mayManage = useMayManage();
  const choices = useModelChoices();
  const { roles, traffic, failure, reload } = useRoles(days);
  const [doomed, setDoomed] = useState<RoleView>();
  const openName = address.get('role');
  const opened = roles?.find(({ name }) => name === openName);
  const isMaking = address.get('new') === '1' && mayManage;
  return (
    <>
      <PageHeader
        title="Roles"
        description="Workflows and apps ask for a role; here stands who answers. A change holds from the next call on, without a restart."
        actions={
          <Button
            leftSection={<IconPlus size={16} />}
            disabled={!mayManage}
            onClick={() => change({ new: '1', role: null })}
          >
            Make a role
          </Button>
        }
      />
      {failure ? <FailureNotice failure={failure} onRetry={reload} /> : null}
      {roles ? <DefaultRoleBar roles={roles} choices={choices} mayManage={mayManage} /> : null}
      <ul className={classes.list} aria-busy={roles || failure ? undefined : true}>
        {roles?.map((role) => (
          <li key={role.name}>
            <RoleCard
              role={role}
              choices={choices}
              traffic={traffic}
              days={days}
              mayManage={mayManage}
              onOpen={() => change({ role: role.name, new: null })}
              onDelete={() => setDoomed(role)}
            />
          </li>
        ))}
        {roles || failure
          ? null
          : ['a', 'b', 'c', 'd'].map((key) => (
              <li key={key}>
                <Skeleton h={210} radius={12} />
              </li>
            ))}
      </ul>
      {roles && (opened || isMaking) ? (
        <RoleDrawer
          key={opened?.name ?? 'new'}
          role={opened}
          roles={roles}
          choices={choices}
          mayManage={mayManage}
          onReload={reload}
          onClose={() => change({ role: null, new: null })}
        />
      ) : null}
      {doomed ? <DeleteRoleDialog role={doomed} onClose={() => setDoomed(undefined)} /> : null}
    </>
  );
}

'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { DeleteRoleDocument } from '../../gql/roles.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import type { RoleView } from './role-view.ts';

const builtIn = new Set(['clarifier', 'planner', 'coder', 'reviewer']);

/** The question before an assignment is gone. The server refuses it while a workflow needs the role. */
export function DeleteRoleDialog({ role, onClose }: { role: RoleView; onClose(): void }) {
  const [{ fetching }, remove] = useMutation(DeleteRoleDocument);
  const { name } = role;
  const returns = builtIn.has(name);
  const confirm = async () => {
    const { data, error } = await remove({ input: { name } });
    const result = data?.deleteRole;
    if (result?.__typename === 'DeleteRoleSuccess')
      notifications.show({ message: returns ? `${name} is what it was at first.` : `${name} is deleted.` });
    else notifications.show({ color: 'red', message: refusalText(result, error) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={returns ? `Take the assignment of ${name} back?` : `Delete ${name}?`}
      confirmLabel={returns ? 'Take it back' : 'Delete'}
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      {returns
        ? `${name} is built in: it stays, without the models that your team assigned. Who asks for it is answered by whoever stands in.`
        : `Apps that ask for role:${name} get an error from then on.`}
    </ConfirmDialog>
  );
}

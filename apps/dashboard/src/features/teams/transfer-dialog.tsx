'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { type MemberFieldsFragment, TransferOwnershipDocument } from '../../gql/teams.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';

interface Props {
  readonly member: MemberFieldsFragment;
  readonly teamName: string;
  onClose(): void;
}

/** Asks before somebody else becomes owner and the person an admin. */
export function TransferDialog({ member, teamName, onClose }: Props) {
  const [{ fetching }, transfer] = useMutation(TransferOwnershipDocument);
  const confirm = async () => {
    const { data, error } = await transfer({ input: { memberId: member.id } });
    const result = data?.transferOwnership;
    // A full load: every page shows what the person may do, and that is less now.
    if (result?.__typename === 'TransferOwnershipSuccess') return location.reload();
    notifications.show({ color: 'red', title: 'Not handed over', message: refusalText(result, error) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Hand ${teamName} over to ${member.user.name}?`}
      confirmLabel="Hand over"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      {member.user.name} becomes owner and you become admin, both at the same moment. Only {member.user.name} can make
      you owner again.
    </ConfirmDialog>
  );
}

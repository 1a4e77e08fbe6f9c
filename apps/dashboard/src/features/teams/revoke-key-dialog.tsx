'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { type ApiKeyFieldsFragment, RevokeApiKeyDocument } from '../../gql/teams.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';

interface Props {
  readonly apiKey: ApiKeyFieldsFragment;
  /** The old secret that is to end before its time; without it the key itself ends. */
  readonly oldSecret?: { readonly id: string; readonly lastFour: string } | undefined;
  onDone(): void;
  onClose(): void;
}

/** Asks by name before a key, or an old secret of it, stops working. */
export function RevokeKeyDialog({ apiKey, oldSecret, onDone, onClose }: Props) {
  const [{ fetching }, revoke] = useMutation(RevokeApiKeyDocument);
  const confirm = async () => {
    const { data, error } = await revoke({ input: { apiKeyId: oldSecret?.id ?? apiKey.id } });
    const result = data?.revokeApiKey;
    if (result?.__typename === 'RevokeApiKeySuccess') {
      notifications.show({
        message: oldSecret ? `The old secret of “${apiKey.name}” is refused now.` : `“${apiKey.name}” was revoked.`,
      });
      onDone();
    } else notifications.show({ color: 'red', title: 'Not revoked', message: refusalText(result, error) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={oldSecret ? `End the old secret of “${apiKey.name}”?` : `Revoke “${apiKey.name}”?`}
      confirmLabel={oldSecret ? 'End it' : 'Revoke key'}
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      Apps that use{' '}
      {oldSecret ? `the secret that ends in ${oldSecret.lastFour}` : `${apiKey.prefix}…${apiKey.lastFour}`} are refused
      from now on, and their open streams end within a second. This cannot be undone.
      {oldSecret ? ' The new secret goes on.' : ''}
    </ConfirmDialog>
  );
}

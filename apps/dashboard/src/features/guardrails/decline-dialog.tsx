'use client';

import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation } from 'urql';
import { type ApprovalFieldsFragment, DeclineBudgetRequestDocument } from '../../gql/guardrails.ts';
import { tellChanged } from './budget-signal.ts';
import { refusalText } from './refusal-of.ts';

/** Turns a request down; the reason stands in the failure that the caller sees. */
export function DeclineDialog({ approval, onClose }: { approval: ApprovalFieldsFragment; onClose: () => void }) {
  const [{ fetching }, decline] = useMutation(DeclineBudgetRequestDocument);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const confirm = async () => {
    const { data, error } = await decline({
      input: { approvalId: approval.id, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
    });
    if (data?.declineBudgetRequest.__typename !== 'DeclineBudgetRequestSuccess')
      return setProblem(refusalText(data?.declineBudgetRequest, error));
    notifications.show({ message: 'The request is declined; the call fails with the reason.' });
    tellChanged('approvals');
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Decline this request?" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <Textarea
          label="Why"
          description="Optional; who asked sees it."
          placeholder="Use the cheaper model for this"
          autosize
          minRows={2}
          maxLength={500}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {problem ? (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red.8" loading={fetching} onClick={confirm}>
            Decline
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

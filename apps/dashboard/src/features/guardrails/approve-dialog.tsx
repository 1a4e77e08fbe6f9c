'use client';

import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { type ApprovalFieldsFragment, ApproveBudgetRequestDocument } from '../../gql/guardrails.ts';
import { tellBudgetsChanged, tellChanged } from './budget-signal.ts';
import { formatAmount, isAmount } from './budget-words.ts';
import { refusalText } from './refusal-of.ts';
import { endOfChoice, type UntilChoice, untilChoices } from './until-choice.ts';

/** Lets a waiting call through by raising its budget for a while. */
export function ApproveDialog({ approval, onClose }: { approval: ApprovalFieldsFragment; onClose: () => void }) {
  const [{ fetching }, approve] = useMutation(ApproveBudgetRequestDocument);
  const [amount, setAmount] = useState(approval.neededAmount);
  const [until, setUntil] = useState<UntilChoice>(approval.resetsAt ? 'window' : 'day');
  const [custom, setCustom] = useState('');
  const [problem, setProblem] = useState<string>();
  const endsAt = endOfChoice(until, { now: Date.now(), resetsAt: approval.resetsAt, custom });
  const { unit } = approval;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isAmount(amount) || Number(amount) < Number(approval.neededAmount))
      return setProblem(`The call needs ${formatAmount(unit, approval.neededAmount)} at least.`);
    if (!endsAt || Date.parse(endsAt) <= Date.now()) return setProblem('Choose a time in the future.');
    const { data, error } = await approve({ input: { approvalId: approval.id, amount: amount.trim(), endsAt } });
    if (data?.approveBudgetRequest.__typename !== 'ApproveBudgetRequestSuccess')
      return setProblem(refusalText(data?.approveBudgetRequest, error));
    notifications.show({
      message: `${approval.budgetName} is raised by ${formatAmount(unit, amount)}; the call goes on.`,
    });
    tellChanged('approvals');
    tellBudgetsChanged();
    onClose();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Approve for ${approval.budgetName}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Add to the limit"
            description={`${formatAmount(unit, approval.neededAmount)} is enough for this call.`}
            leftSection={unit === 'COST' ? '$' : undefined}
            inputMode="decimal"
            autoComplete="off"
            data-autofocus
            value={amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <Select
            label="Until"
            data={untilChoices(approval.resetsAt)}
            value={until}
            allowDeselect={false}
            onChange={(value) => setUntil((value ?? 'day') as UntilChoice)}
          />
          {until === 'custom' ? (
            <TextInput
              type="datetime-local"
              label="Date and time"
              description="In the time of this browser"
              value={custom}
              onChange={(event) => setCustom(event.currentTarget.value)}
            />
          ) : null}
          {endsAt ? (
            <Text size="sm" c="dimmed">
              It holds until {formatMoment(endsAt)} for every call that the budget covers, then it ends by itself.
            </Text>
          ) : null}
          {problem ? (
            <Alert color="red" role="alert">
              {problem}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Approve
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

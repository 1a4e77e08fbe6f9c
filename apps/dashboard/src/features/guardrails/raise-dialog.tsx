'use client';

import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { type BudgetFieldsFragment, EndBudgetRaiseDocument, RaiseBudgetDocument } from '../../gql/guardrails.ts';
import { tellBudgetsChanged } from './budget-signal.ts';
import { openRaises } from './budget-view.ts';
import { formatAmount, isAmount } from './budget-words.ts';
import { refusalText } from './refusal-of.ts';
import { endOfChoice, type UntilChoice, untilChoices } from './until-choice.ts';

/** Adds to a limit for a while, and ends what was added before. */
export function RaiseDialog({ budget, onClose }: { budget: BudgetFieldsFragment; onClose: () => void }) {
  const [{ fetching }, raise] = useMutation(RaiseBudgetDocument);
  const [{ fetching: isEnding }, end] = useMutation(EndBudgetRaiseDocument);
  const [amount, setAmount] = useState(budget.limit === '0' ? '' : budget.limit);
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<UntilChoice>(budget.resetsAt ? 'window' : 'day');
  const [custom, setCustom] = useState('');
  const [problems, setProblems] = useState<Record<string, string>>({});
  const idempotencyKey = useRef(crypto.randomUUID());
  const endsAt = endOfChoice(until, { now: Date.now(), resetsAt: budget.resetsAt, custom });
  const isGood = isAmount(amount) && Number(amount) > 0;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (!isGood) found.amount = 'An amount above 0.';
    if (reason.trim() === '') found.reason = 'Say why; it stands in the record.';
    if (!endsAt || Date.parse(endsAt) <= Date.now()) found.until = 'Choose a time in the future.';
    setProblems(found);
    if (Object.keys(found).length > 0 || !endsAt) return;
    const { data, error } = await raise({
      input: {
        budgetId: budget.id,
        amount: amount.trim(),
        endsAt,
        reason: reason.trim(),
        idempotencyKey: idempotencyKey.current,
      },
    });
    if (data?.raiseBudget.__typename !== 'RaiseBudgetSuccess') {
      if (!error) idempotencyKey.current = crypto.randomUUID();
      return setProblems({ form: refusalText(data?.raiseBudget, error) });
    }
    notifications.show({
      message: `${budget.name} is raised by ${formatAmount(budget.unit, amount)} until ${formatMoment(endsAt)}.`,
    });
    tellBudgetsChanged();
    onClose();
  };

  const endRaise = async (raiseId: string) => {
    const { data, error } = await end({ input: { budgetId: budget.id, raiseId } });
    if (data?.endBudgetRaise.__typename !== 'EndBudgetRaiseSuccess')
      return setProblems({ form: refusalText(data?.endBudgetRaise, error) });
    notifications.show({ message: 'The raise is over.' });
    tellBudgetsChanged();
    onClose();
  };

  return (
    <Modal opened onClose={onClose} title={`Raise ${budget.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Add to the limit"
            leftSection={budget.unit === 'COST' ? '$' : undefined}
            inputMode="decimal"
            autoComplete="off"
            data-autofocus
            value={amount}
            error={problems.amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <Select
            label="Until"
            data={untilChoices(budget.resetsAt)}
            value={until}
            allowDeselect={false}
            error={until === 'custom' ? undefined : problems.until}
            onChange={(value) => setUntil((value ?? 'day') as UntilChoice)}
          />
          {until === 'custom' ? (
            <TextInput
              type="datetime-local"
              label="Date and time"
              description="In the time of this browser"
              value={custom}
              error={problems.until}
              onChange={(event) => setCustom(event.currentTarget.value)}
            />
          ) : null}
          <TextInput
            label="Why"
            placeholder="Launch week"
            maxLength={500}
            value={reason}
            error={problems.reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {isGood && endsAt ? (
            <Text size="sm" c="dimmed">
              The limit is {formatAmount(budget.unit, Number(budget.effectiveLimit) + Number(amount))} until{' '}
              {formatMoment(endsAt)}, then it is what it was.
            </Text>
          ) : null}
          {openRaises(budget, Date.now()).map(({ id, amount: added, endsAt: ends }) => (
            <Group key={id} justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm">
                Raised by {formatAmount(budget.unit, added)} until {formatMoment(ends)}.
              </Text>
              <Button size="compact-sm" variant="default" loading={isEnding} onClick={() => endRaise(id)}>
                End it now
              </Button>
            </Group>
          ))}
          {problems.form ? (
            <Alert color="red" role="alert">
              {problems.form}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Raise
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

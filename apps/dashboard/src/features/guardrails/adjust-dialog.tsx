'use client';

import { Alert, Button, Group, Modal, NumberInput, SegmentedControl, Slider, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { AdjustBudgetsDocument, type AdjustBudgetsInput } from '../../gql/guardrails.ts';
import { adjustedLimit } from './adjusted-limit.ts';
import classes from './budget-drawer.module.css';
import { tellBudgetsChanged } from './budget-signal.ts';
import type { ListedBudget } from './budget-view.ts';
import { formatAmount, windowWords } from './budget-words.ts';
import { refusalText } from './refusal-of.ts';

type What = 'limits' | 'pause' | 'resume';

/** Changes the limits of all budgets at once, or pauses and resumes them, with a look at the outcome before. */
export function AdjustDialog({ budgets, onClose }: { budgets: readonly ListedBudget[]; onClose: () => void }) {
  const [{ fetching }, adjust] = useMutation(AdjustBudgetsDocument);
  const [what, setWhat] = useState<What>('limits');
  const [percent, setPercent] = useState<number>(20);
  const [problem, setProblem] = useState<string>();
  const idempotencyKey = useRef(crypto.randomUUID());
  const own = budgets.filter(({ source }) => source !== 'FILE');
  const fromFile = budgets.length - own.length;
  const changed = own.filter(({ isEnabled }) => what === 'limits' || isEnabled === (what === 'pause'));

  const apply = async () => {
    setProblem(undefined);
    const change: AdjustBudgetsInput = what === 'limits' ? { percent } : { isEnabled: what === 'resume' };
    const { data, error } = await adjust({ input: { ...change, idempotencyKey: idempotencyKey.current } });
    if (!error) idempotencyKey.current = crypto.randomUUID();
    const result = data?.adjustBudgets;
    if (result?.__typename !== 'AdjustBudgetsSuccess') return setProblem(refusalText(result, error));
    notifications.show({
      message: `${result.budgets.length} ${result.budgets.length === 1 ? 'budget is' : 'budgets are'} changed.${result.readOnlyBudgets.length > 0 ? ' Those of the file stay.' : ''}`,
    });
    tellBudgetsChanged();
    onClose();
  };

  return (
    <Modal opened onClose={onClose} size="lg" title="Adjust all budgets" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <SegmentedControl
          aria-label="What to change"
          value={what}
          onChange={(value) => setWhat(value as What)}
          data={[
            { value: 'limits', label: 'Limits' },
            { value: 'pause', label: 'Pause all' },
            { value: 'resume', label: 'Resume all' },
          ]}
        />
        {what === 'limits' ? (
          <>
            <div>
              <Text size="sm" fw={500} mb={4} id="adjust-percent">
                Change every limit by
              </Text>
              <Group gap="md" wrap="nowrap" align="center">
                <Slider
                  style={{ flex: 1 }}
                  thumbLabel="Percent"
                  min={-100}
                  max={200}
                  step={5}
                  value={Math.max(-100, Math.min(200, percent))}
                  onChange={setPercent}
                  label={(value) => `${value > 0 ? '+' : ''}${value} %`}
                  marks={[{ value: 0 }, { value: 100 }]}
                />
                <NumberInput
                  aria-label="Percent"
                  w={110}
                  min={-100}
                  max={1000}
                  suffix=" %"
                  value={percent}
                  onChange={(value) => setPercent(typeof value === 'number' ? value : 0)}
                />
              </Group>
            </div>
            {percent === -100 ? (
              <Alert color="yellow">A hard limit of 0 refuses every call that the budget covers.</Alert>
            ) : null}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {what === 'pause'
              ? 'Paused budgets count nothing and refuse nothing, until somebody resumes them.'
              : 'Calls are held to them again from now on.'}
          </Text>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
        <section tabIndex={0} aria-label="What will change" style={{ maxHeight: 260, overflowY: 'auto' }}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Budget</th>
                <th scope="col">Now</th>
                <th scope="col">Then</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((budget) => (
                <tr key={budget.id}>
                  <td>{budget.name}</td>
                  <td>
                    {what === 'limits'
                      ? `${formatAmount(budget.unit, budget.limit)} ${windowWords(budget.window).per}`
                      : budget.isEnabled
                        ? 'holds'
                        : 'paused'}
                  </td>
                  <td>
                    <strong>
                      {what === 'limits'
                        ? formatAmount(budget.unit, adjustedLimit(budget.limit, percent, budget.unit))
                        : what === 'pause'
                          ? 'paused'
                          : 'holds'}
                    </strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {changed.length === 0 ? (
            <Text size="sm" c="dimmed">
              There is nothing to change.
            </Text>
          ) : null}
        </section>
        {fromFile > 0 ? (
          <Text size="sm" c="dimmed">
            {fromFile} from the configuration file {fromFile === 1 ? 'stays as it is' : 'stay as they are'}.
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
          <Button
            loading={fetching}
            disabled={changed.length === 0 || (what === 'limits' && percent === 0)}
            onClick={apply}
          >
            {what === 'limits'
              ? `Change ${changed.length} ${changed.length === 1 ? 'limit' : 'limits'}`
              : what === 'pause'
                ? 'Pause them'
                : 'Resume them'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

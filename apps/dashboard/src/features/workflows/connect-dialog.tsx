'use client';

import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { type Step, stepAt, stepName } from './definition.ts';
import { type Way, waysToConnect } from './edit-steps.ts';
import { useEditorParts } from './editor-context.ts';

const keyOf = (way: Way) => (way.kind === 'case' ? `case ${way.caseIndex}` : way.kind);

function wordsOf(way: Way, source: Step, target: Step): string {
  if (way.kind === 'case') {
    if (way.caseIndex === -1) return `${stepName(source)} goes there when no condition holds`;
    return `${stepName(source)} goes there when ${source.cases?.[way.caseIndex]?.when ?? ''}`;
  }
  if (way.kind === 'after') return `${stepName(target)} only waits for it`;
  return way.kind === 'from' ? `${stepName(target)} merges its output` : `${stepName(target)} reads its output`;
}

/** Asks which step follows, and how: it reads the output, waits, or is where a branch goes. */
export function ConnectDialog() {
  const { actions, editor } = useEditorParts();
  const { connecting } = actions;
  const [typedTo, setTo] = useState<string | null>(null);
  const [typedWay, setWay] = useState<string | null>(null);
  if (!connecting) return null;
  const { definition } = editor;
  const to = connecting.to ?? typedTo;
  const source = stepAt(definition, connecting.from);
  const target = stepAt(definition, to ?? undefined);
  const ways = source && target ? waysToConnect(definition, source.id, target.id) : [];
  const way = ways.find((each) => keyOf(each) === typedWay) ?? ways[0];
  const close = () => {
    actions.askToConnect(undefined);
    setTo(null);
    setWay(null);
  };
  return (
    <Modal
      opened
      onClose={close}
      title={`What follows ${source ? stepName(source) : ''}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        <Select
          label="Step"
          data={definition.steps
            .filter(({ id }) => id !== connecting.from)
            .map((step) => ({ value: step.id, label: stepName(step) }))}
          value={to}
          disabled={connecting.to !== undefined}
          searchable
          allowDeselect={false}
          onChange={setTo}
          data-autofocus={connecting.to === undefined || undefined}
        />
        {source && target && ways.length > 0 ? (
          <Select
            label="How"
            data={ways.map((each) => ({ value: keyOf(each), label: wordsOf(each, source, target) }))}
            value={way ? keyOf(way) : null}
            allowDeselect={false}
            onChange={setWay}
          />
        ) : null}
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            disabled={!target || !way}
            onClick={() => {
              if (target && way) actions.connectSteps(connecting.from, target.id, way);
              close();
            }}
          >
            Connect
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

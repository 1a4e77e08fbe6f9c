'use client';

import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconClipboard,
  IconCopy,
  IconCopyPlus,
  IconDots,
  IconLink,
  IconPlus,
  IconTrash,
  IconUnlink,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { type Step, stepAt, stepName } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import { linksOf } from './workflow-links.ts';

interface Props {
  step: Step;
  className?: string | undefined;
}

/** What can be done with one step, by mouse and by keyboard. The menu is made when it is asked for: lists have many. */
export function StepMenu({ step, className }: Props) {
  const [isWanted, setWanted] = useState(false);
  if (isWanted) return <MadeMenu step={step} className={className} />;
  return (
    <ActionIcon
      className={className}
      aria-label={`More about step ${stepName(step)}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setWanted(true)}
    >
      <IconDots size={17} />
    </ActionIcon>
  );
}

function MadeMenu({ step, className }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  // The focus stands on the button when the menu opens, so that it comes back to it.
  useEffect(() => {
    button.current?.focus();
    setOpen(true);
  }, []);
  const { editor, actions } = useEditorParts();
  const { definition, isReadOnly } = editor;
  const index = definition.steps.indexOf(step);
  const name = stepName(step);
  const nameOf = (id: string) => stepName(stepAt(definition, id) ?? { id });
  const copy = () => {
    const text = actions.copy([step.id]);
    if (text !== undefined) void navigator.clipboard?.writeText(text).catch(() => undefined);
  };
  const paste = async () => {
    const text = (await navigator.clipboard?.readText?.().catch(() => undefined)) ?? '';
    if (!actions.paste(text)) actions.paste(actions.lastCopy() ?? '');
  };
  const leaving = linksOf(definition).filter(({ from, kind }) => from === step.id && kind !== 'text');
  return (
    <Menu position="bottom-end" width={250} withinPortal opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <ActionIcon ref={button} className={className} aria-label={`More about step ${name}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isReadOnly ? null : (
          <>
            <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => actions.askToAdd({ afterId: step.id })}>
              Add a step after it
            </Menu.Item>
            <Menu.Item
              leftSection={<IconLink size={16} />}
              disabled={definition.steps.length < 2}
              onClick={() => actions.askToConnect({ from: step.id })}
            >
              Connect to…
            </Menu.Item>
            {leaving.map((link) => (
              <Menu.Item
                key={`${link.to} ${link.label}`}
                leftSection={<IconUnlink size={16} />}
                onClick={() => actions.disconnectSteps(link)}
              >
                Disconnect {nameOf(link.to)}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconArrowUp size={16} />}
              disabled={index === 0}
              onClick={() => actions.move(step.id, -1)}
            >
              Move up
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowDown size={16} />}
              disabled={index === definition.steps.length - 1}
              onClick={() => actions.move(step.id, 1)}
            >
              Move down
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item leftSection={<IconCopyPlus size={16} />} onClick={() => actions.duplicate(step.id)}>
              Duplicate
            </Menu.Item>
          </>
        )}
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={copy}>
          Copy
        </Menu.Item>
        {isReadOnly ? null : (
          <>
            <Menu.Item leftSection={<IconClipboard size={16} />} onClick={paste}>
              Paste after it
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              color="var(--sy-bad)"
              leftSection={<IconTrash size={16} />}
              onClick={() => actions.remove([step.id])}
            >
              Delete
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

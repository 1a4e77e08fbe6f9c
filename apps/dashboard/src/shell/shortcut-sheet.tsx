'use client';

import { Kbd, Modal, Switch } from '@mantine/core';
import { useState } from 'react';
import { pages } from './navigation.ts';
import classes from './shortcut-sheet.module.css';
import { areSingleKeysOn, setSingleKeys } from './single-key-setting.ts';

const groups = [
  {
    title: 'Anywhere',
    rows: [
      ['Ctrl K', 'Command palette'],
      ['?', 'This sheet'],
      ...pages.map(({ keys, label }) => [keys, `Go to ${label}`]),
    ],
  },
  {
    title: 'Compare',
    rows: [
      ['Ctrl Enter', 'Run'],
      ['Ctrl .', 'Stop all lanes'],
      ['d', 'Word diff'],
      ['1 … 8', 'Focus a lane'],
      ['Esc', 'Leave focus'],
      ['← →', 'Move through a replay'],
    ],
  },
  {
    title: 'Blind votes',
    rows: [
      ['← →', 'The first or the second is better'],
      ['T', 'As good'],
      ['B', 'Both bad'],
      ['S', 'Skip'],
      ['Z', 'Take the last vote back'],
    ],
  },
  {
    title: 'Workflow editor',
    rows: [
      ['Ctrl Z', 'Undo'],
      ['Ctrl Shift Z', 'Redo'],
      ['Ctrl C', 'Copy the chosen steps'],
      ['Ctrl V', 'Paste steps'],
      ['Ctrl D', 'Duplicate the step'],
      ['Del', 'Delete the chosen steps or line'],
      ['↑ ↓', 'Next step in the outline, or move a card'],
      ['Alt ↑ ↓', 'Reorder the step in the outline'],
      ['Ctrl S', 'Save the draft now'],
    ],
  },
];

export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [isOn, setOn] = useState(areSingleKeysOn);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Keyboard shortcuts"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.groups}>
        {groups.map(({ title, rows }) => (
          <section key={title}>
            <h3 className={classes.title}>{title}</h3>
            <dl className={classes.rows}>
              {rows.map(([keys = '', what]) => (
                <div key={keys} className={classes.row}>
                  <dt>{what}</dt>
                  <dd>
                    {keys.split(' ').map((key) => (
                      <Kbd key={key} size="xs">
                        {key}
                      </Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        mt="md"
        label="Single-key shortcuts"
        description="Keys without Ctrl never act while you type in a field."
        checked={isOn}
        onChange={(event) => {
          setSingleKeys(event.currentTarget.checked);
          setOn(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}

'use client';

import { Drawer } from '@mantine/core';
import { CopyButton } from '../../shell/copy-button.tsx';
import classes from './dataset-page.module.css';
import { valueText } from './dataset-words.ts';

interface Props {
  item: {
    key: string;
    input: string;
    expected: string | null;
    cluster: string | null;
    split: string | null;
    line: number | null;
    fields: unknown;
  };
  onClose(): void;
}

/** All of one item. */
export function ItemDrawer({ item, onClose }: Props) {
  const fields = Object.entries((item.fields ?? {}) as Record<string, unknown>);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={`Item ${item.key}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <dl className={classes.detail}>
        <dt>
          Input <CopyButton value={item.input} label="Copy the input" />
        </dt>
        <dd>{item.input}</dd>
        {item.expected === null ? null : (
          <>
            <dt>Expected</dt>
            <dd>{item.expected}</dd>
          </>
        )}
        {item.split === null ? null : (
          <>
            <dt>Split</dt>
            <dd>{item.split}</dd>
          </>
        )}
        {item.cluster === null ? null : (
          <>
            <dt>Cluster</dt>
            <dd>{item.cluster}</dd>
          </>
        )}
        {fields.map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{`fields.${name}`}</code>
            </dt>
            <dd>{valueText(value) || '(empty)'}</dd>
          </div>
        ))}
        {item.line === null ? null : (
          <>
            <dt>Line of the file</dt>
            <dd>{item.line}</dd>
          </>
        )}
      </dl>
    </Drawer>
  );
}

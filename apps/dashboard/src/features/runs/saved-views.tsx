'use client';

import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconBookmark, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import classes from './runs-page.module.css';

interface SavedView {
  name: string;
  /** The filters as they stand in the address. */
  address: string;
}

const builtIn: readonly SavedView[] = [
  { name: 'All', address: '' },
  { name: 'Waiting for a person', address: 'state=WAITING' },
  { name: 'Failed this week', address: 'state=FAILED&days=7' },
  { name: 'With failovers', address: 'had=failover' },
];
const mostViews = 12;

/** Lists under a name: those that everybody has, and those that were kept in this browser. */
export function SavedViews({ current, onOpen }: { current: string; onOpen(address: string): void }) {
  const [views, setViews] = useLocalStorage<SavedView[]>({ key: 'switchyard.run-views', defaultValue: [] });
  const [isNaming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const all = [...builtIn, ...views];
  const isKnown = all.some(({ address }) => address === current);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    const given = name.trim();
    if (given === '') return;
    setViews((known) =>
      [...known.filter((view) => view.name !== given), { name: given, address: current }].slice(-mostViews),
    );
    setNaming(false);
    setName('');
  };
  return (
    <div className={classes.views}>
      <ul aria-label="Views">
        {all.map((view, index) => (
          <li key={`${index}${view.name}`}>
            <button
              type="button"
              className={classes.view}
              aria-current={view.address === current ? 'true' : undefined}
              onClick={() => onOpen(view.address)}
            >
              {view.name}
            </button>
            {index >= builtIn.length ? (
              <ActionIcon
                size={24}
                aria-label={`Forget the view ${view.name}`}
                onClick={() => setViews((known) => known.filter((each) => each.name !== view.name))}
              >
                <IconX size={13} />
              </ActionIcon>
            ) : null}
          </li>
        ))}
      </ul>
      {isKnown ? null : (
        <Popover opened={isNaming} onChange={setNaming} position="bottom-end" width={260} trapFocus>
          <Popover.Target>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconBookmark size={14} />}
              onClick={() => setNaming(true)}
            >
              Keep this view
            </Button>
          </Popover.Target>
          <Popover.Dropdown aria-label="Keep this view">
            <form onSubmit={keep} className={classes.naming}>
              <TextInput
                label="Name"
                description="Kept in this browser"
                maxLength={40}
                data-autofocus
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button type="submit" size="xs" disabled={name.trim() === ''}>
                Keep
              </Button>
            </form>
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}

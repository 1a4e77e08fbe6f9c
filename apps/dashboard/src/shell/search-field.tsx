'use client';

import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

/** A search field that reports a moment after the last key. */
export function SearchField({
  value,
  onSearch,
  label,
}: {
  value: string;
  onSearch: (value: string) => void;
  label: string;
}) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const reported = useRef(value);
  useEffect(() => {
    if (value !== reported.current) setText(value);
    reported.current = value;
  }, [value]);
  const report = (next: string, waitMs: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      reported.current = next;
      onSearch(next);
    }, waitMs);
  };
  return (
    <TextInput
      w={280}
      maw="100%"
      placeholder={label}
      aria-label={label}
      leftSection={<IconSearch size={15} />}
      rightSection={
        text ? (
          <CloseButton size={24} iconSize={14} aria-label="Clear the search" onClick={() => report('', 0)} />
        ) : null
      }
      value={text}
      onChange={(event) => report(event.currentTarget.value, 250)}
    />
  );
}

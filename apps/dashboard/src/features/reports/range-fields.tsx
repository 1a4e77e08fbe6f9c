'use client';

import { Select, TextInput } from '@mantine/core';
import { useAddressState } from '../../shell/use-address-state.ts';
import { dayText, rangeChoices } from './report-range.ts';

const dayMs = 86_400_000;

/** Which days: a number of them up to now, or two dates. */
export function RangeFields() {
  const [address, change] = useAddressState();
  const days = address.get('days') ?? '7';
  const isCustom = days === 'custom';
  const today = dayText(new Date());
  return (
    <>
      <Select
        aria-label="Range"
        w={130}
        allowDeselect={false}
        data={rangeChoices}
        value={rangeChoices.some(({ value }) => value === days) ? days : '7'}
        onChange={(value) =>
          value === 'custom'
            ? change({ days: 'custom', from: dayText(new Date(Date.now() - 6 * dayMs)), to: today })
            : change({ days: value, from: null, to: null })
        }
      />
      {isCustom ? (
        <>
          <TextInput
            type="date"
            aria-label="From"
            w={150}
            max={address.get('to') ?? today}
            value={address.get('from') ?? ''}
            onChange={(event) => change({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            aria-label="To"
            w={150}
            min={address.get('from') ?? undefined}
            max={today}
            value={address.get('to') ?? ''}
            onChange={(event) => change({ to: event.currentTarget.value })}
          />
        </>
      ) : null}
    </>
  );
}

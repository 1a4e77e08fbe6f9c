import { Tooltip } from '@mantine/core';
import { IconCalendarClock, IconPencil } from '@tabler/icons-react';
import classes from './price-badges.module.css';
import { formatPriceDay } from './price-day.ts';

export type PriceOrigin = 'DASHBOARD' | 'CONFIGURATION' | 'FILE' | 'LIBRARY';

export const originWords: Readonly<Record<PriceOrigin, string>> = {
  DASHBOARD: 'Your price',
  CONFIGURATION: 'Configuration file',
  FILE: 'Price table',
  LIBRARY: 'List price',
};

const originHints: Readonly<Record<Exclude<PriceOrigin, 'LIBRARY'>, string>> = {
  DASHBOARD: 'Your team set this price; it stands before files and the price library',
  CONFIGURATION: 'From the configuration file; it stands before the price library',
  FILE: 'From the price table of the installation; it stands before the price library',
};

/** Says when a price is not the list price, and when another one is coming. */
export function PriceBadges({
  origin,
  changesAt,
}: {
  origin: PriceOrigin | undefined;
  changesAt: string | null | undefined;
}) {
  return (
    <>
      {origin && origin !== 'LIBRARY' ? (
        <Tooltip label={originHints[origin]} multiline maw={260}>
          <span className={classes.badge} data-tone="own">
            <IconPencil size={11} aria-hidden="true" /> {originWords[origin]}
          </span>
        </Tooltip>
      ) : null}
      {changesAt ? (
        <Tooltip label="Another price holds from this day on (UTC)">
          <span className={classes.badge} data-tone="coming">
            <IconCalendarClock size={11} aria-hidden="true" /> Changes {formatPriceDay(changesAt)}
          </span>
        </Tooltip>
      ) : null}
    </>
  );
}

import { Tooltip } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import classes from './origin-badge.module.css';

/** Marks everything that did not come from a real provider. Live is the normal case and carries no badge. */
export function OriginBadge({
  origin,
  isCompact = false,
}: {
  origin: 'LIVE' | 'SIMULATED' | 'MIXED';
  isCompact?: boolean;
}) {
  if (origin === 'LIVE') return null;
  const word = origin === 'MIXED' ? 'Partly simulated' : 'Simulated';
  return (
    <Tooltip
      label={
        origin === 'MIXED'
          ? 'Some lanes are simulated'
          : 'A simulated provider: the answer is synthetic, prices are list prices'
      }
    >
      <span className={classes.badge} data-compact={isCompact || undefined}>
        <IconFlask size={12} stroke={1.8} aria-hidden="true" />
        <span className={isCompact ? 'visually-hidden' : undefined}>{word}</span>
      </span>
    </Tooltip>
  );
}

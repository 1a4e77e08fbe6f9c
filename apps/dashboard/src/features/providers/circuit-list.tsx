'use client';

import { IconPlugConnectedX } from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import type { ProviderConditionFragment } from '../../gql/providers.ts';
import { useNow } from '../../shell/use-now.ts';
import classes from './circuit-list.module.css';

type Circuit = ProviderConditionFragment['circuits'][number];

/** The models that nobody calls for now, each with the time until the next probe. Draws nothing when all is well. */
export function CircuitList({ circuits }: { circuits: readonly Circuit[] }) {
  const open = circuits.filter(({ state }) => state !== 'CLOSED');
  const now = useNow(open.length > 0, 1000);
  if (open.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Open circuits">
      {open.map(({ modelId, state, retryAt }) => {
        const leftMs = retryAt === null ? 0 : Date.parse(retryAt) - now;
        return (
          <li key={modelId}>
            <IconPlugConnectedX size={14} aria-hidden="true" />
            <span className={classes.model}>{modelId}</span>
            <span className={classes.left}>
              {state === 'HALF_OPEN' ? 'being probed' : leftMs > 0 ? `probe in ${formatDuration(leftMs)}` : 'probe due'}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

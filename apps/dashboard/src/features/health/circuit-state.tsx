import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import type { CircuitState as State } from '../../gql/health.ts';
import { formatLeft } from '../guardrails/budget-words.ts';
import classes from './vital-signs.module.css';

interface Props {
  circuit: { readonly state: State; readonly retryAt: string | null };
  now: number;
}

/** Whether calls of a model are let through, and how long it takes until the next probe. */
export function CircuitState({ circuit: { state, retryAt }, now }: Props) {
  const leftMs = retryAt === null ? 0 : Date.parse(retryAt) - now;
  const Icon = state === 'CLOSED' ? IconPlugConnected : IconPlugConnectedX;
  const words =
    state === 'CLOSED'
      ? 'closed'
      : state === 'HALF_OPEN'
        ? 'half open: being probed'
        : leftMs > 0
          ? `open, probe in ${formatLeft(leftMs)}`
          : 'open, probe with the next call';
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={14} aria-hidden="true" /> {words}
    </span>
  );
}

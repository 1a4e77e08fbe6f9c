import { formatUsd } from '../../format/number-format.ts';
import type { ApiKeyFieldsFragment } from '../../gql/teams.ts';
import classes from './api-keys-page.module.css';
import { windowWord } from './key-limit-values.ts';

type Use = NonNullable<ApiKeyFieldsFragment['budgetUse']>;

/** What a key has spent of its own budget. Live money first; a key that only simulates shows what that would have cost. */
export function KeyBudgetBar({ name, use }: { name: string; use: Use }) {
  const isSimulated = Number(use.spent) === 0 && Number(use.reserved) === 0 && Number(use.simulatedSpent) > 0;
  const spent = isSimulated ? Number(use.simulatedSpent) : Number(use.spent) + Number(use.reserved);
  const limit = Number(use.limit);
  const share = limit > 0 ? Math.min(1, spent / limit) : 1;
  const words = `${formatUsd(spent)} of ${formatUsd(limit)} ${windowWord(use.window)}${isSimulated ? ', simulated' : ''}`;
  return (
    <div className={classes.budget} data-tone={share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : undefined}>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn like the other bars. */}
      <span
        className={classes.budgetTrack}
        role="meter"
        aria-label={`Budget of ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={words}
      >
        <span style={{ width: `${(share * 100).toFixed(1)}%` }} />
      </span>
      <span>{use.isEnabled ? words : `${words}, switched off`}</span>
    </div>
  );
}

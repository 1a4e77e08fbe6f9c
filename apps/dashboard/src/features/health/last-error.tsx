'use client';

import { IconQuote } from '@tabler/icons-react';
import { formatMoment } from '../../format/date-format.ts';
import { useNow } from '../../shell/use-now.ts';
import { failureTitles } from '../comparisons/failure-titles.ts';
import { lastedFrom } from './health-words.ts';
import classes from './last-error.module.css';
import type { ProviderCondition } from './merge-conditions.ts';

/** The last failure that was the provider's fault, in its own words. */
export function LastError({ lastError }: { lastError: ProviderCondition['lastError'] }) {
  const now = useNow(lastError !== null, 10_000);
  return (
    <section className={classes.card} aria-label="Last error">
      <h4>Last error</h4>
      {lastError ? (
        <>
          <p className={classes.title}>{lastError.kind ? failureTitles[lastError.kind] : 'It failed'}</p>
          <blockquote>
            <IconQuote size={14} aria-hidden="true" />
            <span>{lastError.message}</span>
          </blockquote>
          <p className={classes.note}>
            {lastError.modelId ? `At a call of ${lastError.modelId}` : 'At a check'},{' '}
            <time dateTime={lastError.at} title={formatMoment(lastError.at)}>
              {lastedFrom(lastError.at, now)} ago
            </time>
          </p>
        </>
      ) : (
        <p className={classes.note}>None that we know of. What it says when it fails stands here word for word.</p>
      )}
    </section>
  );
}

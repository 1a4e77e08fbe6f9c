import type { ReactNode } from 'react';
import { formatAge } from '../../format/date-format.ts';
import { formatCompact } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { CopyButton } from '../../shell/copy-button.tsx';
import type { ListedProvider } from './provider-card.tsx';
import classes from './providers-page.module.css';

/** Limits as people say them; null when there are none. */
export function limitWords(limits: ListedProvider['limits']): string | null {
  const words = [
    limits.maxConcurrent === null ? undefined : `${limits.maxConcurrent} at a time`,
    limits.maxQueued === null ? undefined : `${limits.maxQueued} waiting`,
    limits.requestsPerMinute === null ? undefined : `${formatCompact(limits.requestsPerMinute)} calls/min`,
    limits.tokensPerMinute === null ? undefined : `${formatCompact(limits.tokensPerMinute)} tokens/min`,
  ].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(', ') : null;
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function KeyFact({ provider }: { provider: ListedProvider }) {
  const { keyVariable, keyLastFour, hasKey, origin, isReadOnly } = provider;
  const variable = keyVariable ? (
    <>
      <code>{keyVariable}</code>
      <CopyButton value={keyVariable} label={`Copy ${keyVariable}`} />
    </>
  ) : null;
  if (keyLastFour) {
    return (
      <>
        <span>ends in {keyLastFour}</span>
        {isReadOnly && variable ? <>, from {variable}</> : null}
      </>
    );
  }
  if (hasKey && origin === 'LIVE') return <span>set</span>;
  if (!isReadOnly) return <span>none</span>;
  return variable ? (
    <>
      <span>{origin === 'SIMULATED' ? 'to go live set' : 'set'}</span> {variable}
    </>
  ) : (
    <span>none needed</span>
  );
}

/** Endpoint, key, load, models and last test of a provider. */
export function ProviderFacts({ provider }: { provider: ListedProvider }) {
  const { limits, load } = provider;
  const capacity = limitWords(limits);
  const share = limits.maxConcurrent && load ? Math.min(1, load.active / limits.maxConcurrent) : null;
  return (
    <dl className={classes.facts}>
      <Fact term="Endpoint">
        <code>{provider.baseUrl ?? 'not set'}</code>
      </Fact>
      <Fact term="Key">
        <KeyFact provider={provider} />
      </Fact>
      <Fact term="Load">
        <span>
          {load && load.active + load.queued > 0
            ? `${load.active} running${load.queued > 0 ? `, ${load.queued} waiting` : ''}`
            : 'idle'}
          {capacity ? ` · limit ${capacity}` : ''}
        </span>
        {share === null ? null : (
          <span className={classes.meter} style={{ '--share': share } as React.CSSProperties} aria-hidden="true" />
        )}
      </Fact>
      <Fact term="Models">
        {provider.models.length === 0 ? (
          <span>none yet</span>
        ) : (
          <AppLink className={classes.link} href={`/models?provider=${encodeURIComponent(provider.slug)}`}>
            {provider.models.length}
            <span className="visually-hidden"> models of {provider.displayName}</span>
          </AppLink>
        )}
      </Fact>
      <Fact term="Last test">{provider.lastTestedAt ? formatAge(provider.lastTestedAt, Date.now()) : 'never'}</Fact>
    </dl>
  );
}

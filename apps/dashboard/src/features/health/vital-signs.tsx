'use client';

import { formatAge, formatMoment } from '../../format/date-format.ts';
import { formatShare } from '../../format/number-format.ts';
import { useNow } from '../../shell/use-now.ts';
import { formatLeft } from '../guardrails/budget-words.ts';
import { CircuitState } from './circuit-state.tsx';
import { lastedFrom, statusWords } from './health-words.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import classes from './vital-signs.module.css';

/** Since when, last success, checks and circuits of a provider, counting on. */
export function VitalSigns({ condition }: { condition: ProviderCondition }) {
  const now = useNow(true, 1000);
  const { status, since, errorRate, lastSuccessAt, lastCheckAt, nextCheckAt, circuits } = condition;
  const guarded = circuits.filter(({ state }) => state !== 'CLOSED');
  const nextMs = nextCheckAt ? Date.parse(nextCheckAt) - now : undefined;
  return (
    <section className={classes.card} aria-label="Signs of life">
      <dl className={classes.facts}>
        <Fact term={`${statusWords[status].word} for`}>{since ? lastedFrom(since, now) : 'as long as we know'}</Fact>
        <Fact term="Last success" at={lastSuccessAt}>
          {lastSuccessAt ? `${lastedFrom(lastSuccessAt, now)} ago` : 'never'}
        </Fact>
        <Fact term="Failing now">{errorRate === null ? 'unknown' : formatShare(errorRate)}</Fact>
        <Fact term="Last check" at={lastCheckAt}>
          {lastCheckAt ? formatAge(lastCheckAt, now) : 'never'}
        </Fact>
        <Fact term="Next check" at={nextCheckAt}>
          {nextMs === undefined ? 'not planned' : nextMs > 0 ? `in ${formatLeft(nextMs)}` : 'due'}
        </Fact>
        <Fact term="Circuits">
          {circuits.length === 0
            ? 'no model was called yet'
            : guarded.length === 0
              ? 'closed: every call is let through'
              : `${guarded.length} of ${circuits.length} not closed`}
        </Fact>
      </dl>
      {guarded.length > 0 ? (
        <ul className={classes.circuits} aria-label="Circuits that are not closed">
          {guarded.map((circuit) => (
            <li key={circuit.modelId}>
              <code>{circuit.modelId}</code> <CircuitState circuit={circuit} now={now} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Fact({ term, at = null, children }: { term: string; at?: string | null; children: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd title={at ? formatMoment(at) : undefined}>{children}</dd>
    </div>
  );
}

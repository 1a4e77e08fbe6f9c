'use client';

import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { HomeHealthDocument } from '../../gql/home.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { providerStates } from '../providers/provider-state.ts';
import classes from './home-page.module.css';

/** Whether the providers can be called, in a sentence or a short list. */
export function HealthHint() {
  const [{ data }] = useQuery({ query: HomeHealthDocument, requestPolicy: 'cache-and-network' });
  if (!data) return null;
  const used = data.providers.filter(({ state }) => state !== 'KEY_MISSING' && state !== 'DISABLED');
  const troubled = used.flatMap(({ id, displayName, state, circuits }) => {
    const open = circuits.filter((circuit) => circuit.state !== 'CLOSED').length;
    const { word, tone } = providerStates[state];
    const isBad = tone === 'bad' || tone === 'warn';
    if (!isBad && open === 0) return [];
    const words = isBad ? word.toLowerCase() : `${open} ${open === 1 ? 'model is' : 'models are'} passed over`;
    return [{ id, displayName, words }];
  });
  return (
    <section className={classes.widget} aria-labelledby="health-hint">
      <div className={classes.head}>
        <h2 id="health-hint">Providers</h2>
        <AppLink href="/providers">Look at them</AppLink>
      </div>
      {used.length === 0 ? (
        <p className={classes.quiet}>
          <IconAlertTriangle size={16} aria-hidden="true" /> None can be called yet: add one with its key.
        </p>
      ) : null}
      {used.length > 0 && troubled.length === 0 ? (
        <p className={classes.quiet}>
          <IconCircleCheck size={16} aria-hidden="true" /> {used.length} in use, none in trouble.
        </p>
      ) : null}
      {troubled.length > 0 ? (
        <ul className={classes.rows}>
          {troubled.map(({ id, displayName, words }) => (
            <li key={id}>
              <span className={classes.dot} data-tone="warn" aria-hidden="true" />
              <span className={classes.rowTitle}>{displayName}</span>
              <span>{words}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

'use client';

import { Button } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { HomeProvidersDocument, HomeStepsDocument } from '../../gql/home.ts';
import { AppLink } from '../../shell/app-link.tsx';
import classes from './home-page.module.css';

/** The first things worth doing; each ticks itself. Gone when all are done, or when it is dismissed. */
export function FirstSteps() {
  const [{ data }] = useQuery({ query: HomeStepsDocument, requestPolicy: 'cache-and-network' });
  const [{ data: known }] = useQuery({ query: HomeProvidersDocument });
  const [isDismissed, setDismissed] = useLocalStorage({ key: 'switchyard.first-steps-done', defaultValue: false });
  if (!data || !known || isDismissed) return null;
  const steps = [
    { label: 'Run a comparison', href: '/compare', isDone: data.comparisons.totalCount > 0 },
    { label: 'Set a daily budget', href: '/guardrails?new=budget', isDone: data.budgets.totalCount > 0 },
    {
      label: 'Say where alerts go',
      href: '/guardrails?tab=alerts&new=channel',
      isDone: data.alertChannels.length > 0,
    },
    {
      label: 'Make a key for an app',
      href: '/team?tab=keys&new=1',
      isDone: data.viewer.team.apiKeys.length > 0,
    },
    {
      label: 'Add a real provider',
      href: '/providers?new=1',
      isDone: known.providers.some(({ origin, state }) => origin === 'LIVE' && state !== 'KEY_MISSING'),
    },
  ];
  const doneCount = steps.filter(({ isDone }) => isDone).length;
  if (doneCount === steps.length) return null;
  return (
    <section className={classes.widget} aria-labelledby="first-steps">
      <div className={classes.head}>
        <h2 id="first-steps">
          First steps{' '}
          <span className={classes.soft}>
            {doneCount} of {steps.length}
          </span>
        </h2>
        <Button size="compact-xs" mih={26} variant="subtle" onClick={() => setDismissed(true)}>
          Dismiss
        </Button>
      </div>
      <ul className={classes.steps}>
        {steps.map(({ label, href, isDone }) => (
          <li key={href} data-done={isDone || undefined}>
            {isDone ? (
              <IconCircleCheckFilled size={18} aria-hidden="true" />
            ) : (
              <IconCircle size={18} stroke={1.6} aria-hidden="true" />
            )}
            {isDone ? (
              <span>
                {label} <span className="visually-hidden">(done)</span>
              </span>
            ) : (
              <AppLink href={href}>{label}</AppLink>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

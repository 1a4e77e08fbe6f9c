'use client';

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { formatCount } from '../../format/number-format.ts';
import { CancelFailureRehearsalDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { useNow } from '../../shell/use-now.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { formatLeft } from '../guardrails/budget-words.ts';
import classes from './rehearsal-card.module.css';
import { faultInWords, phaseWords, type Rehearsal, stateWords } from './rehearsal-words.ts';
import { StatusSign } from './status-badge.tsx';

const RehearsalReport = dynamic(() => import('./rehearsal-report.tsx').then((module) => module.RehearsalReport), {
  ssr: false,
});

interface Props {
  rehearsal: Rehearsal;
  /** The newest is open. */
  isFirst: boolean;
  mayRun: boolean;
  onChanged(): void;
}

/** One rehearsal: what is broken, where it stands, and its report once it is over. */
export function RehearsalCard({ rehearsal, isFirst, mayRun, onChanged }: Props) {
  const { id, providerName, model, origin, mode, fault, state, phase, calls, startedAt, endsAt, failure } = rehearsal;
  const [{ fetching }, cancel] = useMutation(CancelFailureRehearsalDocument);
  const [isOpen, setOpen] = useState(isFirst);
  const isRunning = state === 'RUNNING';
  const now = useNow(isRunning, 1000);
  const { word, tone } = stateWords[state];
  const stop = async () => {
    const { data, error } = await cancel({ input: { rehearsalId: id } });
    const result = data?.cancelFailureRehearsal;
    if (result?.__typename !== 'CancelFailureRehearsalSuccess')
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not stopped. Try again.'),
      });
    onChanged();
  };
  const reached = phaseWords.findIndex(([each]) => each === phase);
  return (
    <article className={classes.card} aria-label={`Rehearsal with ${providerName}, ${formatMoment(startedAt)}`}>
      <header className={classes.head}>
        <h3>
          {providerName}: {faultInWords(fault)}
        </h3>
        <OriginBadge origin={origin} isCompact />
        <span className={classes.state} data-tone={tone} role="status">
          <StatusSign tone={tone} size={14} /> {word}
        </span>
        <span className={classes.when}>
          {formatMoment(startedAt)}
          {rehearsal.startedByName ? `, ${rehearsal.startedByName}` : ''}
        </span>
      </header>
      <p className={classes.words}>
        {formatCount(calls)} {calls === 1 ? 'call' : 'calls'} of <code>{model}</code>
        {rehearsal.fallbacks.length > 0 ? `, ${rehearsal.fallbacks.join(', ')} standing in` : ''};{' '}
        {mode === 'SIMULATOR' ? 'broken for everybody who calls it' : 'only its own calls failed'}.
      </p>
      {isRunning ? (
        <div className={classes.progress}>
          <ol aria-label="Phases">
            {phaseWords.map(([each, words], index) => (
              <li
                key={each}
                data-reached={index < reached || undefined}
                aria-current={index === reached ? 'step' : undefined}
              >
                {words}
              </li>
            ))}
          </ol>
          <span className={classes.when}>restored in {formatLeft(Date.parse(endsAt) - now)} at the latest</span>
          <Button
            size="compact-xs"
            mih={26}
            variant="default"
            loading={fetching || rehearsal.isCancelling}
            disabled={!mayRun}
            leftSection={<IconPlayerStopFilled size={12} />}
            onClick={stop}
          >
            Stop and restore
          </Button>
        </div>
      ) : (
        <>
          {failure ? <p className={classes.failure}>{failure}</p> : null}
          <div>
            <Button size="compact-xs" mih={26} variant="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? 'Hide the report' : 'Show the report'}
            </Button>
          </div>
          {isOpen ? <RehearsalReport id={id} /> : null}
        </>
      )}
    </article>
  );
}

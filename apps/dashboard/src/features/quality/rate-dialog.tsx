'use client';

import { Button, Group, Kbd, Modal, Select, Skeleton, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { AnswersToRateDocument, RateBlindAnswerDocument, SavedScorerUsesDocument } from '../../gql/quality.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { Answer } from '../comparisons/answer.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './rate-dialog.module.css';

const ratings = [
  [1, 'useless'],
  [2, 'poor'],
  [3, 'fair'],
  [4, 'good'],
  [5, 'perfect'],
] as const;

interface Props {
  scorerId: string;
  /** A pairwise judge is measured against blind votes: the way leads there. */
  isPair: boolean;
  onClose(): void;
}

/** A random sample of answers, one by one and without who wrote them, to be rated: what a judge is measured against. */
export function RateDialog({ scorerId, isPair, onClose }: Props) {
  const [{ data: uses, error: usesError }] = useQuery({
    query: SavedScorerUsesDocument,
    variables: { id: scorerId },
    requestPolicy: 'network-only',
  });
  const tests = uses?.savedScorer?.usedBy.filter(({ state }) => state !== 'draft') ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const testId = chosen ?? tests[0]?.id;
  const [{ data, error, fetching }, reload] = useQuery({
    query: AnswersToRateDocument,
    variables: { experimentId: testId ?? '', first: 10 },
    pause: testId === undefined || isPair,
    requestPolicy: 'network-only',
  });
  const [{ fetching: isBusy }, rate] = useMutation(RateBlindAnswerDocument);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<string>();
  const open = data?.answersToRate.filter(({ token }) => !done.has(token));
  const shown = open?.[0];
  const give = async (rating: number) => {
    if (!shown || !testId || isBusy) return;
    setProblem(undefined);
    const answer = await rate({ input: { experimentId: testId, token: shown.token, rating } });
    const result = answer.data?.rateBlindAnswer;
    if (result?.__typename !== 'ExperimentSuccess') return setProblem(refusalText(result, answer.error));
    setDone(new Set([...done, shown.token]));
    if ((open?.length ?? 0) <= 1) reload({ requestPolicy: 'network-only' });
  };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isPair || event.target instanceof HTMLInputElement) return;
      const rating = Number(event.key);
      if (rating >= 1 && rating <= 5) void give(rating);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={isPair ? 'Vote on pairs' : 'Rate answers'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isPair && tests.length > 0 ? (
        <>
          <Text size="md">
            This judge compares two answers, so it is measured against your blind votes on the same pairs:
          </Text>
          <ul className={classes.tests}>
            {tests.map(({ id, name }) => (
              <li key={id}>
                <AppLink href={`/experiments/vote?id=${encodeURIComponent(id)}`}>{name}</AppLink>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {tests.length > 1 && !isPair ? (
        <Select
          label="Of which test"
          mb="md"
          allowDeselect={false}
          data={tests.map(({ id, name }) => ({ value: id, label: name }))}
          value={testId ?? null}
          onChange={setChosen}
        />
      ) : null}
      {usesError || error ? (
        <Text size="md" c="var(--sy-bad)" role="alert">
          {describeFailure((usesError ?? error)!).message}
        </Text>
      ) : null}
      {uses && tests.length === 0 ? (
        <Text size="md">No test with it was started yet, so there are no answers to rate.</Text>
      ) : null}
      {!shown && (fetching || !uses) && !error && !usesError ? <Skeleton h={220} radius={8} /> : null}
      {data && !shown && !fetching ? <Text size="md">You have rated every answer of this test. Thank you.</Text> : null}
      {shown ? (
        <div className={classes.ballot}>
          <section aria-label="What was asked">
            <h3>What was asked</h3>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
            <p tabIndex={0}>{shown.input}</p>
          </section>
          {shown.expected ? (
            <section aria-label="What would be right">
              <h3>What would be right</h3>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
              <p tabIndex={0}>{shown.expected}</p>
            </section>
          ) : null}
          <section aria-label="The answer" className={classes.answer}>
            <h3>The answer</h3>
            <Answer text={shown.output} isRaw={false} isGrowing={false} />
          </section>
          <Group gap="xs" role="group" aria-label="How good is it?">
            {ratings.map(([rating, word]) => (
              <Button
                key={rating}
                variant="default"
                disabled={isBusy}
                onClick={() => void give(rating)}
                leftSection={<Kbd size="xs">{rating}</Kbd>}
              >
                {word}
              </Button>
            ))}
          </Group>
        </div>
      ) : null}
      <p className={classes.status} role="status">
        {done.size > 0 ? `${done.size} rated` : ''}
      </p>
      {problem ? (
        <Text size="md" c="var(--sy-bad)" role="alert">
          {problem}
        </Text>
      ) : null}
    </Modal>
  );
}

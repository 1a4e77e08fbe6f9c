'use client';

import { ActionIcon, Button, NumberInput, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient, useMutation, useQuery } from 'urql';
import { formatUsd } from '../../format/number-format.ts';
import { ScorerEstimateOfDocument, TryScorerDocument, type TryScorerMutation } from '../../gql/quality.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './quality-page.module.css';
import { ScoreLine } from './score-line.tsx';
import { partsOf } from './scorer-kinds.ts';

type Tried = Extract<TryScorerMutation['tryScorer'], { __typename: 'TryScorerSuccess' }>;

interface Row {
  readonly id: number;
  readonly text: string;
  readonly latencyMs: number | '';
}

interface Props {
  content: Readonly<Record<string, unknown>>;
  isRight: boolean;
  /** A judge costs money. */
  mayPay: boolean;
}

/** Sample answers and what the scorer makes of them: a check at once, a judge for a price that is told before. */
export function TryPanel({ content, isRight, mayPay }: Props) {
  const { group, settings } = partsOf(content);
  const isJudge = group === 'judge';
  const isPair = settings.type === 'pairwise';
  const isLatency = settings.type === 'latency';
  const most = isPair ? 2 : isJudge ? 4 : 20;
  const [prompt, setPrompt] = useState('');
  const [expected, setExpected] = useState('');
  const [rows, setRows] = useState<readonly Row[]>([
    { id: 1, text: '', latencyMs: '' },
    { id: 2, text: '', latencyMs: '' },
  ]);
  const client = useClient();
  const [{ fetching }, tryNow] = useMutation(TryScorerDocument);
  const [tried, setTried] = useState<{ key: string; result: Tried }>();
  const [refusal, setRefusal] = useState<string>();
  const used = rows.slice(0, most).filter(({ text, latencyMs }) => text !== '' || (isLatency && latencyMs !== ''));
  const input = useMemo(
    () => ({
      content,
      ...(isJudge ? { prompt } : {}),
      ...(expected ? { expected } : {}),
      answers: used.map(({ text, latencyMs }) => ({
        text,
        ...(isLatency && latencyMs !== '' ? { latencyMs, timeToFirstTokenMs: latencyMs } : {}),
      })),
    }),
    [content, isJudge, isLatency, prompt, expected, used],
  );
  const key = JSON.stringify(input);
  const [settled] = useDebouncedValue(key, 350);
  const isReady =
    isRight && (isPair ? used.length === 2 : used.length > 0) && (!isJudge || prompt.trim() !== '') && settled === key;

  // A check costs nothing, so its scores follow what is typed.
  const asked = useRef<string>(undefined);
  useEffect(() => {
    if (isJudge || !isReady || asked.current === settled) return;
    asked.current = settled;
    void client.mutation(TryScorerDocument, { input: JSON.parse(settled) }).then(({ data, error }) => {
      if (asked.current !== settled) return;
      const result = data?.tryScorer;
      if (result?.__typename === 'TryScorerSuccess') {
        setTried({ key: settled, result });
        setRefusal(undefined);
      } else setRefusal(refusalText(result, error));
    });
  }, [client, isJudge, isReady, settled]);

  const [{ data: estimated, fetching: isEstimating, error: estimateError }] = useQuery({
    query: ScorerEstimateOfDocument,
    variables: { input: isReady && isJudge ? JSON.parse(settled) : { answers: [] } },
    pause: !isReady || !isJudge,
    requestPolicy: 'network-only',
  });
  const estimate = isReady && isJudge ? estimated?.scorerEstimate : undefined;
  const judge = async () => {
    if (!estimate?.maxUsd) return;
    setRefusal(undefined);
    const { data, error } = await tryNow({
      input: { ...input, acceptedUsd: estimate.maxUsd, idempotencyKey: crypto.randomUUID() },
    });
    const result = data?.tryScorer;
    if (result?.__typename === 'TryScorerSuccess') setTried({ key, result });
    else setRefusal(refusalText(result, error));
  };
  // While a check is being written on, its last scores stay as long as they are of as many answers.
  const isShown = tried && (tried.key === key || (!isJudge && tried.result.scores.length === used.length));
  const shown = isShown && used.length > 0 ? tried.result : undefined;
  const change = (id: number, next: Partial<Row>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...next } : row)));
  return (
    <section className={classes.card} aria-labelledby="try-scorer">
      <h2 id="try-scorer">Try it</h2>
      <p className={classes.hint}>
        {isJudge
          ? 'Give a question and answers; the price is told before the judge is called. A trial is stored nowhere.'
          : 'Type answers: the scores follow, and nothing is called or stored.'}
      </p>
      <div className={classes.fields}>
        {isJudge ? (
          <Textarea
            label="What was asked"
            required
            autosize
            minRows={2}
            maxRows={8}
            value={prompt}
            onChange={(event) => setPrompt(event.currentTarget.value)}
          />
        ) : null}
        <Textarea
          label="Expected"
          description="What the item would say; empty when it says nothing."
          autosize
          minRows={1}
          maxRows={6}
          value={expected}
          onChange={(event) => setExpected(event.currentTarget.value)}
        />
        {rows.slice(0, most).map((row, index) => {
          const at = used.indexOf(row);
          const score = at === -1 ? undefined : shown?.scores[at];
          return (
            <div key={row.id}>
              <Textarea
                label={isPair ? (index === 0 ? 'One answer' : 'The other answer') : `Answer ${index + 1}`}
                autosize
                minRows={2}
                maxRows={10}
                value={row.text}
                onChange={(event) => change(row.id, { text: event.currentTarget.value })}
                rightSection={
                  rows.length > 1 && !isPair ? (
                    <ActionIcon
                      aria-label={`Remove answer ${index + 1}`}
                      onClick={() => setRows(rows.filter(({ id }) => id !== row.id))}
                    >
                      <IconX size={14} />
                    </ActionIcon>
                  ) : undefined
                }
              />
              {isLatency ? (
                <NumberInput
                  mt={4}
                  label={`It took, ms (answer ${index + 1})`}
                  min={0}
                  max={86_400_000}
                  allowDecimal={false}
                  value={row.latencyMs}
                  onChange={(value) => change(row.id, { latencyMs: typeof value === 'number' ? value : '' })}
                />
              ) : null}
              {score ? <ScoreLine {...score} /> : null}
            </div>
          );
        })}
      </div>
      {!isPair && rows.length < most ? (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            setRows([...rows, { id: Math.max(0, ...rows.map(({ id }) => id)) + 1, text: '', latencyMs: '' }])
          }
        >
          Another answer
        </Button>
      ) : null}
      <p className="visually-hidden" role="status">
        {shown ? `Scores: ${shown.scores.map(({ score }) => score ?? 'none').join(', ')}` : ''}
      </p>
      {refusal ? (
        <p className={classes.refusal} role="alert">
          {refusal}
        </p>
      ) : null}
      {isJudge ? (
        <div className={classes.footer}>
          {shown ? <span className={classes.hint}>It cost {formatUsd(shown.costUsd)}.</span> : null}
          {estimate?.unavailableReason ? (
            <span className={classes.refusal}>{estimate.unavailableReason}</span>
          ) : estimate && !estimate.fits ? (
            <span className={classes.refusal}>A budget has no room for it.</span>
          ) : estimate && estimate.maxUsd === null ? (
            <span className={classes.refusal}>The model has no price, so its cost cannot be bounded.</span>
          ) : estimateError && isReady ? (
            <span className={classes.refusal}>The price could not be told. Change something and try again.</span>
          ) : null}
          <Button
            loading={fetching || isEstimating}
            disabled={!mayPay || !estimate?.maxUsd || !estimate.fits}
            onClick={judge}
          >
            {estimate?.maxUsd ? `Judge, for at most ${formatUsd(estimate.maxUsd)}` : 'Judge'}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

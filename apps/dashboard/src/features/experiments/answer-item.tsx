'use client';

import { Button, Rating, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatDuration, formatUsd } from '../../format/number-format.ts';
import { RateExperimentAnswerDocument } from '../../gql/experiments.ts';
import { Answer } from '../comparisons/answer.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import { useMayEdit } from '../workflows/use-may-edit.ts';
import { AnswerDiff } from './answer-diff.tsx';
import classes from './answers.module.css';
import type { ShownItem } from './answers-tab.tsx';
import { baselineOf, variantColour, variantsOf } from './definition.ts';

export type ShownAnswer = ShownItem['answers'][number];

interface Props {
  experimentId: string;
  definition: unknown;
  item: ShownItem;
  /** What was rated on this page, by place; newer than what was read. */
  ratings: ReadonlyMap<string, number | null>;
  onRated(place: string, rating: number | null): void;
}

const longest = 900;

/** One item: what was asked, what would be right, and every variant's answer with its scores. */
export function AnswerItem({ experimentId, definition, item, ratings, onRated }: Props) {
  const [repeat, setRepeat] = useState(0);
  const [isDiff, setDiff] = useState(false);
  const order = variantsOf(definition).map(({ key }) => key);
  const repeats = [...new Set(item.answers.map((answer) => answer.repeat))];
  const answers = item.answers
    .filter((answer) => answer.repeat === repeat)
    .toSorted((a, b) => order.indexOf(a.variant) - order.indexOf(b.variant));
  const texts = answers.filter(({ failure }) => failure === null);
  return (
    <li className={classes.item}>
      <header className={classes.asked}>
        <div>
          <p className={classes.label}>{/^[0-9a-f]{16,}$/.test(item.key) ? 'Asked' : `Asked · ${item.key}`}</p>
          <Clipped text={item.input} />
        </div>
        {item.expected === null ? null : (
          <div>
            <p className={classes.label}>Expected</p>
            <Clipped text={item.expected} />
          </div>
        )}
        <span className={classes.tools}>
          {repeats.length > 1 ? (
            <Select
              aria-label="Which repeat"
              size="xs"
              w={110}
              allowDeselect={false}
              data={repeats.map((each) => ({ value: String(each), label: `Answer ${each + 1}` }))}
              value={String(repeat)}
              onChange={(value) => setRepeat(Number(value))}
            />
          ) : null}
          {texts.length > 1 ? (
            <Button
              size="compact-sm"
              variant={isDiff ? 'light' : 'subtle'}
              aria-pressed={isDiff}
              leftSection={<IconArrowsDiff size={15} />}
              onClick={() => setDiff(!isDiff)}
            >
              Word diff
            </Button>
          ) : null}
        </span>
      </header>
      {isDiff ? (
        <AnswerDiff answers={texts} baseline={baselineOf(definition)} />
      ) : (
        <div className={classes.answers}>
          {answers.map((answer) => {
            const place = `${item.position}/${answer.repeat}/${answer.variant}`;
            return (
              <AnswerCell
                key={answer.variant}
                experimentId={experimentId}
                position={item.position}
                answer={answer}
                colour={variantColour(definition, answer.variant)}
                rating={ratings.has(place) ? (ratings.get(place) ?? null) : answer.myRating}
                onRated={(rating) => onRated(place, rating)}
              />
            );
          })}
        </div>
      )}
    </li>
  );
}

function Clipped({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > longest;
  return (
    <p className={classes.text}>
      {isLong && !isWhole ? `${text.slice(0, longest)} …` : text}
      {isLong ? (
        <button type="button" className={classes.more} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'less' : 'all of it'}
        </button>
      ) : null}
    </p>
  );
}

interface CellProps {
  experimentId: string;
  position: number;
  answer: ShownAnswer;
  colour: string;
  rating: number | null;
  onRated(rating: number | null): void;
}

function AnswerCell({ experimentId, position, answer, colour, rating, onRated }: CellProps) {
  const mayEdit = useMayEdit();
  const [, send] = useMutation(RateExperimentAnswerDocument);
  const [isWhole, setWhole] = useState(false);
  const { variant, repeat, output, failure, failureMessage, contamination, scores } = answer;
  const rate = async (value: number) => {
    const next = value === rating ? null : value;
    onRated(next);
    const { data, error } = await send({ input: { experimentId, position, repeat, variant, rating: next } });
    if (data?.rateExperimentAnswer.__typename === 'ExperimentSuccess') return;
    onRated(rating);
    const message = refusalText(data?.rateExperimentAnswer, error);
    notifications.show({ color: 'red', title: 'The rating was not kept', message });
  };
  return (
    <article className={classes.cell} aria-label={`Answer of ${variant}`}>
      <header className={classes.cellHead}>
        <strong>
          <i style={{ background: colour }} aria-hidden="true" />
          {variant}
        </strong>
        <span>
          {[
            answer.latencyMs === null ? '' : formatDuration(answer.latencyMs),
            answer.outputTokens === null ? '' : `${answer.outputTokens} tokens`,
            answer.costUsd === null ? '' : formatUsd(answer.costUsd),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </header>
      {contamination === null ? null : (
        <p className={classes.apart}>
          Kept apart ({contamination}): answered by {answer.answeredModelId ?? 'nobody'}.
        </p>
      )}
      {failure === null ? (
        <div className={classes.output} data-whole={isWhole || output.length <= longest || undefined}>
          <Answer text={output} isRaw={false} isGrowing={false} />
        </div>
      ) : (
        <p className={classes.failure}>
          <strong>{failure}</strong> {failureMessage}
        </p>
      )}
      {failure === null && output.length > longest ? (
        <button type="button" className={classes.more} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'less' : 'all of it'}
        </button>
      ) : null}
      {scores.length > 0 ? (
        <ul className={classes.scores} aria-label={`Scores of ${variant}`}>
          {scores.map(({ scorer, score, missing, why }) => (
            <li key={scorer}>
              <span
                className={classes.score}
                data-tone={score === null ? undefined : score >= 0.75 ? 'good' : score < 0.25 ? 'bad' : undefined}
              >
                {scorer} {score === null ? '—' : Math.round(score * 100)}
              </span>
              <span>{missing === null ? why : `No score: ${why || missing}`}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <footer className={classes.cellFoot}>
        <Rating
          size="sm"
          value={rating ?? 0}
          readOnly={!mayEdit || failure !== null}
          getSymbolLabel={(value) => `${variant}: ${value} of 5`}
          onChange={(value) => void rate(value)}
        />
        {answer.ratingCount > 1 && answer.meanRating !== null ? (
          <span>
            {answer.meanRating.toFixed(1)} by {answer.ratingCount} people
          </span>
        ) : null}
      </footer>
    </article>
  );
}

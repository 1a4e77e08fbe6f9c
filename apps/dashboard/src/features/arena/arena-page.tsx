'use client';

import { Button, Kbd, Skeleton, Switch } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { BackLink } from '../../shell/back-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { areSingleKeysOn } from '../../shell/single-key-setting.ts';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useNow } from '../../shell/use-now.ts';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { Answer, prepareMarkdown } from '../comparisons/answer.tsx';
import { actionOf, keyNames, type VoteChoice } from './arena-keys.ts';
import classes from './arena-page.module.css';
import { ArenaPicture } from './arena-picture.tsx';
import { RankingPanel } from './ranking-panel.tsx';
import { type CastVote, useArena } from './use-arena.ts';

/** Votes on a test without knowing who wrote what; its id stands in the address. */
export function ArenaPage() {
  const [address] = useAddressState();
  const id = address.get('id');
  if (id === null)
    return (
      <EmptyState
        title="Choose a test first"
        picture={<ArenaPicture />}
        action={
          <Button component={AppLink} href="/experiments">
            All tests
          </Button>
        }
      >
        Votes belong to a test: two of its answers side by side, and you say which one is better without knowing who
        wrote it.
      </EmptyState>
    );
  return <Arena key={id} id={id} />;
}

const choices: readonly { choice: VoteChoice; label: string }[] = [
  { choice: 'LEFT', label: 'First is better' },
  { choice: 'TIE', label: 'As good' },
  { choice: 'BOTH_BAD', label: 'Both bad' },
  { choice: 'RIGHT', label: 'Second is better' },
];

function Arena({ id }: { id: string }) {
  const { test, testFailure, ballot, last, isRevealed, isBusy, failure, notice, vote, skip, undo, advance, reload } =
    useArena(id);
  const [isRaw, setRaw] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const shownId = useRef<string>(undefined);
  const lastG = useRef(0);
  const now = useNow(last !== undefined, 1000);
  usePageTitle(test ? `Blind votes: ${test.name}` : 'Blind votes');
  useEffect(prepareMarkdown, []);
  useEffect(() => {
    // The next ballot is read from its beginning; the first one leaves the focus where the page put it.
    if (ballot && shownId.current !== undefined && shownId.current !== ballot.id) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
    }
    if (ballot) shownId.current = ballot.id;
  }, [ballot]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      if (target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]')) return;
      // What scrolls sideways keeps its arrows.
      if (target && target.scrollWidth > target.clientWidth && target.tabIndex === 0 && target !== document.body) {
        if (event.key.startsWith('Arrow')) return;
      }
      const action = actionOf(event, { msSinceG: Date.now() - lastG.current, areSingleKeysOn: areSingleKeysOn() });
      if (event.key === 'g') lastG.current = Date.now();
      if (!action || (!ballot && action !== 'UNDO')) return;
      event.preventDefault();
      if (action === 'UNDO') void undo();
      else if (isRevealed) void advance();
      else if (action === 'SKIP') void skip();
      else void vote(action);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });

  const testHref = `/experiments?id=${encodeURIComponent(id)}`;
  const back = <BackLink href={testHref}>The test</BackLink>;
  if (testFailure) return <FailureNotice failure={testFailure} onRetry={reload} />;
  if (test === null)
    return (
      <EmptyState
        title="There is no such test"
        action={
          <Button component={AppLink} href="/experiments" variant="default">
            All tests
          </Button>
        }
      >
        It was deleted, or it belongs to another team.
      </EmptyState>
    );
  const voting = test?.voting;
  const mayUndo = last !== undefined && voting !== undefined && now - last.atMs < voting.undoableMs - 2000;
  return (
    <>
      {back}
      <PageHeader
        title="Which answer is better?"
        description={test ? `${test.name}. Who wrote what is shown after your vote.` : '\u00a0'}
        actions={<Switch label="Raw text" checked={isRaw} onChange={(event) => setRaw(event.currentTarget.checked)} />}
      />
      <p className="visually-hidden" role="status">
        {isRevealed && last ? revealWords(last) : (notice ?? '')}
      </p>
      <div className={classes.layout}>
        <div className={classes.main}>
          {failure ? (
            <p className={classes.failure} role="alert">
              {failure.message}{' '}
              <Button size="compact-xs" variant="default" onClick={reload}>
                Try again
              </Button>
            </p>
          ) : null}
          {ballot === undefined && !failure ? (
            <div className={classes.sides} aria-busy="true">
              <Skeleton h={90} radius={12} className={classes.wide} />
              <Skeleton h={300} radius={12} />
              <Skeleton h={300} radius={12} />
            </div>
          ) : null}
          {ballot === null ? (
            <Finished
              pairs={voting?.pairs}
              mine={voting?.mine ?? 0}
              testHref={testHref}
              onLook={test?.state === 'running' ? reload : undefined}
            />
          ) : null}
          {ballot ? (
            <section aria-labelledby="ballot-asked" className={classes.ballot}>
              <div className={classes.asked}>
                <h2 id="ballot-asked" ref={heading} tabIndex={-1}>
                  What was asked
                </h2>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
                <p tabIndex={0}>{ballot.input}</p>
              </div>
              <div className={classes.sides}>
                {(['left', 'right'] as const).map((side) => (
                  <article
                    key={side}
                    className={classes.answer}
                    aria-labelledby={`answer-${side}`}
                    data-chosen={(isRevealed && last?.choice === side.toUpperCase()) || undefined}
                  >
                    <h2 id={`answer-${side}`}>
                      {side === 'left' ? 'First answer' : 'Second answer'}
                      {isRevealed && last ? <span className={classes.maker}>{last[side]}</span> : null}
                    </h2>
                    <div className={classes.text}>
                      {ballot[side].trim() === '' ? (
                        <p className={classes.quiet}>(an empty answer)</p>
                      ) : (
                        <Answer text={ballot[side]} isRaw={isRaw} isGrowing={false} />
                      )}
                    </div>
                  </article>
                ))}
              </div>
              <fieldset className={classes.choices} aria-label="Your vote">
                {choices.map(({ choice, label }) => (
                  <Button
                    key={choice}
                    size="md"
                    className={classes.choice}
                    data-choice={choice}
                    variant={isRevealed && last?.choice === choice ? 'filled' : 'default'}
                    aria-disabled={isBusy || isRevealed || undefined}
                    onClick={() => (isRevealed ? void advance() : void vote(choice))}
                    rightSection={<Kbd size="xs">{keyNames[choice]}</Kbd>}
                  >
                    {label}
                  </Button>
                ))}
                <div className={classes.small}>
                  {isRevealed ? (
                    <Button size="xs" variant="subtle" color="gray" onClick={() => void advance()}>
                      Next pair
                    </Button>
                  ) : (
                    <Button
                      size="xs"
                      variant="subtle"
                      color="gray"
                      onClick={() => void skip()}
                      rightSection={<Kbd size="xs">{keyNames.SKIP}</Kbd>}
                    >
                      Skip
                    </Button>
                  )}
                  <span className={classes.notice}>{notice}</span>
                </div>
              </fieldset>
            </section>
          ) : null}
          {last ? (
            <p className={classes.last}>
              {revealWords(last)}{' '}
              {mayUndo ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  leftSection={<IconArrowBackUp size={13} />}
                  rightSection={<Kbd size="xs">{keyNames.UNDO}</Kbd>}
                  onClick={() => void undo()}
                >
                  Undo
                </Button>
              ) : null}
            </p>
          ) : null}
        </div>
        <aside className={classes.aside} aria-label="How the votes stand">
          {voting ? (
            <>
              <dl className={classes.figures}>
                <div>
                  <dt>Your votes</dt>
                  <dd>
                    {formatCount(voting.mine)} <span>of {formatCount(voting.pairs)}</span>
                  </dd>
                </div>
                <div>
                  <dt>All votes</dt>
                  <dd>
                    {formatCount(voting.all)}{' '}
                    <span>
                      by {formatCount(voting.voters)} {voting.voters === 1 ? 'person' : 'people'}
                    </span>
                  </dd>
                </div>
              </dl>
              <div className={classes.progress} aria-hidden="true">
                <i style={{ width: `${Math.min(100, (100 * voting.mine) / Math.max(1, voting.pairs))}%` }} />
              </div>
            </>
          ) : (
            <Skeleton h={70} radius={12} />
          )}
          {test ? (
            <RankingPanel board={test.leaderboard} tally={test.voting.tally} />
          ) : (
            <Skeleton h={140} radius={12} />
          )}
        </aside>
      </div>
    </>
  );
}

interface FinishedProps {
  pairs: number | undefined;
  mine: number;
  testHref: string;
  /** While the test runs, pairs may have come since. */
  onLook: (() => void) | undefined;
}

function Finished({ pairs, mine, testHref, onLook }: FinishedProps) {
  const isEmpty = pairs === 0 && mine === 0;
  return (
    <EmptyState
      title={isEmpty ? 'No answers to compare yet' : 'Nothing left to vote'}
      picture={<ArenaPicture />}
      action={
        onLook ? (
          <Button onClick={onLook}>Look again</Button>
        ) : (
          <Button component={AppLink} href={testHref}>
            {isEmpty ? 'Go to the test' : 'See the results'}
          </Button>
        )
      }
    >
      {isEmpty
        ? 'Pairs come as soon as two variants have answered the same item without being spoilt by a failover.'
        : 'You have judged every pair of answers. More votes by other people make the ranking surer.'}
    </EmptyState>
  );
}

function revealWords({ choice, left, right }: CastVote): string {
  const chosen = {
    LEFT: 'You chose the first one',
    RIGHT: 'You chose the second one',
    TIE: 'You found both as good',
    BOTH_BAD: 'You found both bad',
  }[choice];
  return `${chosen}. First was ${left}, second was ${right}.`;
}

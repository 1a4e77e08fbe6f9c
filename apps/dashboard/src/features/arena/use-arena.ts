'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { type CombinedError, useClient, useQuery } from 'urql';
import {
  ArenaDocument,
  type BallotFieldsFragment,
  CastVoteDocument,
  NextBallotDocument,
  UndoVoteDocument,
} from '../../gql/arena.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import type { VoteChoice } from './arena-keys.ts';

/** For how long it is shown who stood where before the next ballot comes. */
export const revealMs = 1800;

export interface CastVote {
  readonly ballot: BallotFieldsFragment;
  readonly choice: VoteChoice;
  /** The variants. */
  readonly left: string;
  readonly right: string;
  readonly atMs: number;
}

const fresh = { requestPolicy: 'network-only' } as const;

/** Blind voting on one test: the ballot, what is known of the last vote, and how the votes stand. */
export function useArena(id: string) {
  const client = useClient();
  const [{ data, error }, reload] = useQuery({ query: ArenaDocument, variables: { id }, ...fresh });
  /** Undefined while it is fetched, null when there is none. */
  const [ballot, setBallot] = useState<BallotFieldsFragment | null>();
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const [last, setLast] = useState<CastVote>();
  const [isRevealed, setRevealed] = useState(false);
  const [isBusy, setBusyShown] = useState(false);
  /** At once: two keys may come before the page is drawn again. */
  const busy = useRef(false);
  const setBusy = (isNow: boolean) => {
    busy.current = isNow;
    setBusyShown(isNow);
  };
  const [failure, setFailure] = useState<Failure>();
  const [notice, setNotice] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What was asked for last decides what is shown. */
  const turn = useRef(0);

  const fail = useCallback((found: CombinedError | undefined, message: string | undefined) => {
    setFailure(
      found
        ? describeFailure(found)
        : { title: 'The vote was not taken', message: message ?? 'Try again.', code: undefined, requestId: undefined },
    );
  }, []);

  const fetchNext = useCallback(
    async (later: readonly string[]) => {
      turn.current += 1;
      const mine = turn.current;
      const answer = await client.query(NextBallotDocument, { id, skipped: later.slice(-500) }, fresh);
      if (mine !== turn.current) return undefined;
      if (answer.error) fail(answer.error, undefined);
      else {
        setFailure(undefined);
        setBallot(answer.data?.nextBallot ?? null);
      }
      return answer.data?.nextBallot ?? null;
    },
    [client, id, fail],
  );

  useEffect(() => {
    void fetchNext([]);
    return () => clearTimeout(timer.current);
  }, [fetchNext]);

  const advance = useCallback(async () => {
    clearTimeout(timer.current);
    setRevealed(false);
    setBallot(undefined);
    await fetchNext(skipped);
  }, [fetchNext, skipped]);

  const vote = async (choice: VoteChoice) => {
    if (!ballot || busy.current || isRevealed) return;
    setBusy(true);
    setNotice(undefined);
    const answer = await client.mutation(CastVoteDocument, {
      input: { experimentId: id, ballotId: ballot.id, choice },
    });
    setBusy(false);
    const result = answer.data?.castExperimentVote;
    if (result?.__typename !== 'CastExperimentVoteSuccess') {
      // Voted in another window: there is nothing to mend, the next one comes.
      if (result?.__typename === 'ConflictError') return void advance();
      return fail(answer.error, result?.message);
    }
    setFailure(undefined);
    setLast({ ballot, choice, left: result.left, right: result.right, atMs: Date.now() });
    setRevealed(true);
    reload(fresh);
    timer.current = setTimeout(() => void advance(), revealMs);
  };

  const skip = async () => {
    if (!ballot || busy.current || isRevealed) return;
    const later = [...skipped.filter((each) => each !== ballot.id), ballot.id];
    setSkipped(later);
    setBusy(true);
    const next = await fetchNext(later);
    setBusy(false);
    setNotice(next?.id === ballot.id ? 'This is the only pair that is left.' : 'Skipped; it comes back at the end.');
  };

  const undo = async () => {
    if (!last || busy.current) return;
    clearTimeout(timer.current);
    turn.current += 1;
    setBusy(true);
    const input = { experimentId: id, ballotId: last.ballot.id };
    const answer = await client.mutation(UndoVoteDocument, { input });
    setBusy(false);
    setRevealed(false);
    const result = answer.data?.undoExperimentVote;
    if (result?.__typename !== 'UndoExperimentVoteSuccess') {
      setLast(undefined);
      setNotice(answer.error ? describeFailure(answer.error).message : result?.message);
      void fetchNext(skipped);
      return;
    }
    setLast(undefined);
    setBallot(result.ballot);
    setNotice('Your vote is taken back. Vote again.');
    reload(fresh);
  };

  return {
    test: data?.experiment,
    testFailure: error && !data ? describeFailure(error) : undefined,
    ...{ ballot, last, isRevealed, isBusy, failure, notice, vote, skip, undo, advance },
    reload: () => {
      reload(fresh);
      void fetchNext(skipped);
    },
  };
}

'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import {
  DiscardRoutingDraftDocument,
  PublishRoutingRulesDocument,
  RollBackRoutingRulesDocument,
  RoutingRulesDocument,
  type RoutingRulesQuery,
  SaveRoutingDraftDocument,
} from '../../gql/routing.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { areSame, type DraftRule, draftOfRule, inputOfRule } from './draft-rule.ts';

type Routing = RoutingRulesQuery['routing'];

export interface RuleDraft {
  routing: Routing | undefined;
  failure: Failure | undefined;
  reload(): void;
  /** The rules as they stand in the editor; undefined until they are known. */
  rules: readonly DraftRule[] | undefined;
  published: readonly DraftRule[];
  /** Something was changed here and is not saved. */
  isDirty: boolean;
  /** The draft differs from what is in force, saved or not. */
  isChanged: boolean;
  isBusy: boolean;
  change(rules: readonly DraftRule[]): void;
  /** Forgets what was typed here and reads again. */
  takeTheirs(): void;
  /** Each answers nothing on success, else what stands against it. */
  save(): Promise<string | undefined>;
  discard(): Promise<string | undefined>;
  publish(note: string): Promise<string | undefined>;
  rollBack(version: number, note: string): Promise<string | undefined>;
}

const nothing: readonly DraftRule[] = [];

/** The team's rules and the draft that is worked on; what was typed survives a change of tab, and asks before the page is left. */
export function useRuleDraft(): RuleDraft {
  const client = useClient();
  const [{ data, error }, refetch] = useQuery({ query: RoutingRulesDocument, requestPolicy: 'cache-and-network' });
  const routing = data?.routing;
  const [edited, setEdited] = useState<readonly DraftRule[]>();
  const [isBusy, setBusy] = useState(false);
  /** The draft that the edited rules began as. */
  const editedRevision = useRef(0);
  const published = useMemo(() => routing?.published?.rules.map(draftOfRule) ?? nothing, [routing]);
  const saved = useMemo(
    () => (routing ? (routing.draft?.rules.map(draftOfRule) ?? published) : undefined),
    [routing, published],
  );
  const rules = edited ?? saved;
  const isDirty = edited !== undefined && saved !== undefined && !areSame(edited, saved);

  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);

  const revision = routing?.draft?.revision ?? 0;
  const change = useCallback(
    (next: readonly DraftRule[]) => {
      setEdited((known) => {
        if (known === undefined) editedRevision.current = revision;
        return next;
      });
    },
    [revision],
  );

  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch]);
  const busily = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    setBusy(true);
    try {
      return await work();
    } finally {
      setBusy(false);
    }
  };

  /** Saves what stands in the editor, on top of the rules that are in force now; answers the draft's revision. */
  const store = async (): Promise<{ revision: number } | { problem: string }> => {
    const wanted = { rules: (rules ?? []).map(inputOfRule), revision: edited ? editedRevision.current : revision };
    const { data: answer, error: failed } = await client.mutation(SaveRoutingDraftDocument, { input: wanted });
    const result = answer?.saveRoutingDraft;
    if (result?.__typename !== 'SaveRoutingDraftSuccess') return { problem: refusalText(result, failed) };
    await client.query(RoutingRulesDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    setEdited(undefined);
    return { revision: result.draft?.revision ?? wanted.revision + 1 };
  };

  return {
    routing,
    failure: error && !routing ? describeFailure(error) : undefined,
    reload,
    rules,
    published,
    isDirty,
    isChanged: rules !== undefined && !areSame(rules, published),
    isBusy,
    change,
    takeTheirs: () => {
      setEdited(undefined);
      reload();
    },
    save: () =>
      busily(async () => {
        const result = await store();
        return 'problem' in result ? result.problem : undefined;
      }),
    discard: () =>
      busily(async () => {
        setEdited(undefined);
        if (!routing?.draft) return undefined;
        const { data: answer, error: failed } = await client.mutation(DiscardRoutingDraftDocument, {});
        const result = answer?.discardRoutingDraft;
        reload();
        return result?.__typename === 'DiscardRoutingDraftSuccess' ? undefined : refusalText(result, failed);
      }),
    publish: (note) =>
      busily(async () => {
        const isStale = routing?.draft?.basedOn !== (routing?.published?.version ?? 0);
        const draft = isDirty || isStale ? await store() : { revision };
        if ('problem' in draft) return draft.problem;
        const { data: answer, error: failed } = await client.mutation(PublishRoutingRulesDocument, {
          input: { revision: draft.revision, ...(note.trim() ? { note: note.trim() } : {}) },
        });
        const result = answer?.publishRoutingRules;
        reload();
        return result?.__typename === 'PublishRoutingRulesSuccess' ? undefined : refusalText(result, failed);
      }),
    rollBack: (version, note) =>
      busily(async () => {
        const { data: answer, error: failed } = await client.mutation(RollBackRoutingRulesDocument, {
          input: { version, ...(note.trim() ? { note: note.trim() } : {}) },
        });
        const result = answer?.rollBackRoutingRules;
        reload();
        return result?.__typename === 'PublishRoutingRulesSuccess' ? undefined : refusalText(result, failed);
      }),
  };
}

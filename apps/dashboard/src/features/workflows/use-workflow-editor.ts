'use client';

import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { type Client, useClient } from 'urql';
import {
  EditedWorkflowDocument,
  type EditedWorkflowFieldsFragment,
  SaveWorkflowDraftDocument,
} from '../../gql/workflows.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { type Definition, readDraft } from './definition.ts';
import { applyToHistory, type EditHistory, type HistoryAction, newHistory } from './edit-history.ts';
import { areSame, differencesOf, type MergedDraft, mergeDrafts } from './merge-drafts.ts';

export type EditedWorkflow = EditedWorkflowFieldsFragment;

/** `conflict`: somebody else saved meanwhile; nothing is saved until it is decided what becomes of both. */
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed' | 'conflict';

export interface DraftConflict {
  readonly theirs: EditedWorkflow;
  /** What they changed since we both began, in words. */
  readonly changes: readonly string[];
  readonly merged: MergedDraft;
}

export interface WorkflowEditor {
  /** As the server knows it. */
  readonly workflow: EditedWorkflow;
  readonly definition: Definition;
  readonly unreadableSteps: number;
  readonly isReadOnly: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly saveState: SaveState;
  readonly saveProblem: string | undefined;
  readonly conflict: DraftConflict | undefined;
  /** What is worked on differs from what is in force. */
  readonly isChanged: boolean;
  /** `about`: edits of one thing in quick succession are undone together. */
  edit(change: (definition: Definition) => Definition, about?: string): void;
  undo(): void;
  redo(): void;
  /** Saves what is not saved yet, with `basedOn` when given; answers the draft's revision, or nothing when that failed. */
  save(basedOn?: number): Promise<number | undefined>;
  resolve(choice: 'mine' | 'theirs' | 'merge'): void;
  /** Takes over what the server made: a published version, or no draft any more. */
  adopt(workflow: EditedWorkflow, keepsText: boolean): void;
}

const autosaveMs = 900;
const againMs = 5_000;

const shownOf = ({ draft, definition, name }: EditedWorkflow) => readDraft(draft?.definition ?? definition, name);

const reduce = (history: EditHistory<Definition>, action: HistoryAction<Definition>) => applyToHistory(history, action);

/** One workflow as it is edited: history, autosave with the draft's revision, and what to do when two edit at once. */
export function useWorkflowEditor(initial: EditedWorkflow, mayEdit: boolean): WorkflowEditor {
  const client = useClient();
  const [workflow, setWorkflow] = useState(initial);
  const [history, dispatch] = useReducer(reduce, initial, (given) => newHistory(shownOf(given).definition));
  const [unreadableSteps] = useState(() => shownOf(initial).unreadableSteps);
  const [saveState, setSaveState] = useState<SaveState>('saved');
  const [saveProblem, setSaveProblem] = useState<string>();
  const [conflict, setConflict] = useState<DraftConflict>();
  const definition = history.present;
  const isReadOnly = !mayEdit || initial.sourceDetail !== null || unreadableSteps > 0;

  const latest = useRef(definition);
  latest.current = definition;
  const saved = useRef({ definition, revision: initial.draft?.revision ?? 0 });
  const inFlight = useRef<Promise<number | undefined>>(undefined);
  const isHeld = useRef(false);

  const save = useCallback(
    async (basedOn?: number): Promise<number | undefined> => {
      // Two who waited for the same save must not both go on with its revision.
      while (inFlight.current) await inFlight.current;
      const { definition: known, revision } = saved.current;
      const sent = latest.current;
      if (isHeld.current) return undefined;
      if (sent === known && basedOn === undefined) return revision;
      setSaveState('saving');
      const work = sendDraft(client, { id: initial.id, definition: sent, revision, basedOn }).then(async (answer) => {
        if (answer.type === 'saved') {
          saved.current = { definition: sent, revision: answer.revision };
          setWorkflow((before) => ({
            ...before,
            draft: {
              __typename: 'WorkflowDraft',
              revision: answer.revision,
              basedOn: answer.basedOn,
              updatedAt: answer.updatedAt,
              definition: sent,
            },
          }));
          setSaveProblem(undefined);
          setSaveState(latest.current === sent ? 'saved' : 'unsaved');
          return answer.revision;
        }
        if (answer.type === 'changed') {
          isHeld.current = true;
          const theirs = await readWorkflow(client, initial.id);
          if (theirs) {
            const their = shownOf(theirs).definition;
            const changes = differencesOf(known, their);
            setConflict({ theirs, changes, merged: mergeDrafts(known, latest.current, their) });
            setSaveState('conflict');
            return undefined;
          }
          isHeld.current = false;
        }
        setSaveProblem(answer.type === 'failed' ? answer.problem : 'The draft was changed elsewhere.');
        setSaveState('failed');
        return undefined;
      });
      inFlight.current = work;
      const result = await work;
      inFlight.current = undefined;
      return result;
    },
    [client, initial.id],
  );

  useEffect(() => {
    if (isReadOnly || conflict) return;
    if (definition === saved.current.definition) {
      // Undone and done again before it was saved.
      setSaveState((state) => (state === 'unsaved' ? 'saved' : state));
      return;
    }
    setSaveState((state) => (state === 'saving' ? state : 'unsaved'));
    const timer = setTimeout(() => void save(), autosaveMs);
    return () => clearTimeout(timer);
  }, [definition, conflict, isReadOnly, save]);

  useEffect(() => {
    if (saveState !== 'failed') return;
    const timer = setTimeout(() => void save(), againMs);
    return () => clearTimeout(timer);
  }, [saveState, save]);

  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (latest.current !== saved.current.definition) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
      // Who goes to another page of the dashboard loses nothing.
      if (latest.current !== saved.current.definition) void save();
    };
  }, [save]);

  const edit = useCallback(
    (change: (before: Definition) => Definition, about?: string) => {
      if (isReadOnly) return;
      const value = change(latest.current);
      if (value === latest.current) return;
      latest.current = value;
      dispatch({ type: 'edit', value, about, atMs: Date.now() });
    },
    [isReadOnly],
  );

  const inForce = workflow.definition;
  const isChanged = useMemo(
    () => inForce === null || !areSame(readDraft(inForce, workflow.name).definition, definition),
    [inForce, workflow.name, definition],
  );

  return {
    workflow,
    definition,
    unreadableSteps,
    isReadOnly,
    canUndo: !isReadOnly && history.past.length > 0,
    canRedo: !isReadOnly && history.future.length > 0,
    saveState,
    saveProblem,
    conflict,
    isChanged,
    edit,
    undo: useCallback(() => dispatch({ type: 'undo' }), []),
    redo: useCallback(() => dispatch({ type: 'redo' }), []),
    save,
    resolve(choice) {
      if (!conflict) return;
      const { theirs, merged } = conflict;
      const their = shownOf(theirs).definition;
      saved.current = { definition: their, revision: theirs.draft?.revision ?? 0 };
      isHeld.current = false;
      setWorkflow(theirs);
      setConflict(undefined);
      if (choice === 'theirs') {
        latest.current = their;
        dispatch({ type: 'replace', value: their });
        setSaveState('saved');
      } else {
        const value = choice === 'merge' ? merged.definition : { ...latest.current };
        latest.current = value;
        dispatch({ type: 'edit', value, atMs: Date.now() });
        setSaveState('unsaved');
      }
    },
    adopt(next, keepsText) {
      setWorkflow(next);
      const revision = next.draft?.revision ?? 0;
      if (keepsText) saved.current = { ...saved.current, revision };
      else {
        const value = shownOf(next).definition;
        saved.current = { definition: value, revision };
        latest.current = value;
        dispatch({ type: 'edit', value, atMs: Date.now() });
      }
      setSaveProblem(undefined);
      setSaveState(latest.current === saved.current.definition ? 'saved' : 'unsaved');
    },
  };
}

type Sent =
  | { type: 'saved'; revision: number; basedOn: number; updatedAt: string }
  | { type: 'changed' }
  | { type: 'failed'; problem: string };

async function sendDraft(
  client: Client,
  {
    id,
    definition,
    revision,
    basedOn,
  }: { id: string; definition: Definition; revision: number; basedOn?: number | undefined },
): Promise<Sent> {
  const input = { workflowId: id, definition, revision, ...(basedOn === undefined ? {} : { basedOn }) };
  const { data, error } = await client.mutation(SaveWorkflowDraftDocument, { input });
  const result = data?.saveWorkflowDraft;
  if (result?.__typename === 'WorkflowSuccess' && result.workflow?.draft)
    return { type: 'saved', ...result.workflow.draft };
  if (result?.__typename === 'ConflictError' && result.code === 'WORKFLOWS.CHANGED') return { type: 'changed' };
  return { type: 'failed', problem: error ? describeFailure(error).message : refusalText(result, error) };
}

async function readWorkflow(client: Client, id: string): Promise<EditedWorkflow | undefined> {
  const { data } = await client.query(EditedWorkflowDocument, { id }, { requestPolicy: 'network-only' });
  return data?.node?.__typename === 'Workflow' ? data.node : undefined;
}

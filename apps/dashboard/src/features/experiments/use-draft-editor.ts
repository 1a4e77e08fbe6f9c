'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { type ExperimentFieldsFragment, SaveExperimentDocument } from '../../gql/experiments.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { isMap, type Json, type JsonMap, type Path, writeAt } from './definition.ts';
import type { DraftProblem } from './draft-context.ts';

export type SaveStatus = 'saved' | 'unsaved' | 'saving' | 'failed' | 'conflict';

const waitMs = 600;

/** The draft of a test: edited at once, saved a moment after the last change, one save after the other. */
export function useDraftEditor(experiment: ExperimentFieldsFragment) {
  const [, saveDraft] = useMutation(SaveExperimentDocument);
  const first = isMap(experiment.definition) ? experiment.definition : {};
  const [definition, setDefinition] = useState<JsonMap>(first);
  const [name, setName] = useState(experiment.name);
  const [status, setStatus] = useState<SaveStatus>('saved');
  const [refusal, setRefusal] = useState<string>();
  const [saved, setSaved] = useState({
    revision: experiment.revision,
    problems: experiment.problems as readonly DraftProblem[],
  });
  const latest = useRef({ definition: first, name: experiment.name, edits: 0, savedEdits: 0 });
  const revision = useRef(experiment.revision);
  const running = useRef<Promise<boolean>>(Promise.resolve(true));
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  /** Saves what is not saved yet; resolves with whether all is saved now. */
  const save = useCallback((): Promise<boolean> => {
    clearTimeout(timer.current);
    running.current = running.current.then(async () => {
      const { definition: written, name: called, edits, savedEdits } = latest.current;
      if (edits === savedEdits) return true;
      setStatus('saving');
      const title = called.trim();
      const { data, error } = await saveDraft({
        input: {
          experimentId: experiment.id,
          revision: revision.current,
          definition: written,
          ...(title && { name: title }),
        },
      });
      const result = data?.saveExperiment;
      if (result?.__typename === 'ExperimentSuccess' && result.experiment) {
        revision.current = result.experiment.revision;
        latest.current.savedEdits = edits;
        setSaved({ revision: result.experiment.revision, problems: result.experiment.problems });
        setRefusal(undefined);
        setStatus(latest.current.edits === edits ? 'saved' : 'unsaved');
        return latest.current.edits === edits;
      }
      setRefusal(refusalText(result, error));
      setStatus(result?.__typename === 'ConflictError' ? 'conflict' : 'failed');
      return false;
    });
    return running.current;
  }, [experiment.id, saveDraft]);

  const note = useCallback(() => {
    latest.current.edits += 1;
    setStatus((before) => (before === 'conflict' ? before : 'unsaved'));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(), waitMs);
  }, [save]);

  const replace = useCallback(
    (next: JsonMap) => {
      latest.current.definition = next;
      setDefinition(next);
      note();
    },
    [note],
  );
  const setAll = useCallback(
    (changes: readonly (readonly [Path, Json | undefined])[]) => {
      const next = changes.reduce<Json>((all, [path, value]) => writeAt(all, path, value), latest.current.definition);
      replace(isMap(next) ? next : {});
    },
    [replace],
  );
  const set = useCallback((path: Path, value: Json | undefined) => setAll([[path, value]]), [setAll]);
  const rename = useCallback(
    (next: string) => {
      latest.current.name = next;
      setName(next);
      note();
    },
    [note],
  );

  // What is typed last is saved too when the page is left, and the browser asks before it closes on unsaved work.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (latest.current.edits !== latest.current.savedEdits) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
      clearTimeout(timer.current);
      void save();
    };
  }, [save]);

  return { definition, name, status, refusal, ...saved, save, set, setAll, replace, rename };
}

export type DraftEditor = ReturnType<typeof useDraftEditor>;

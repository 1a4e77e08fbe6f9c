'use client';

import { type Dispatch, useEffect, useReducer, useRef } from 'react';
import { type ModelChoices, startingModels } from '../catalog/use-model-choices.ts';
import { changeDraft, type Draft, type DraftAction, emptyDraft, laneLimits } from './draft.ts';

export const examplePrompt =
  'Explain to a curious ten-year-old how a railway switch moves a train from one track to another. Then give a small table that compares three kinds of switch, and a TypeScript type for a switch.';

const storageName = 'switchyard.last-models';

function rememberedModels(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageName) ?? '[]');
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string').slice(0, laneLimits.maximum) : [];
  } catch {
    return [];
  }
}

/** What the address asks for: `?models=a,b&prompt=…`, so that a link opens a given set of models. */
function draftOfAddress(): Partial<Draft> {
  const parameters = new URLSearchParams(location.search);
  const models = parameters.get('models')?.split(',').filter(Boolean).slice(0, laneLimits.maximum);
  const prompt = parameters.get('prompt');
  return { ...(models?.length ? { modelIds: models } : {}), ...(prompt ? { prompt } : {}) };
}

/** The composer's state. Starts with the address, else the models of last time, else an example that runs at once. */
export function useDraft(choices: ModelChoices, hasComparison: boolean): [Draft, Dispatch<DraftAction>] {
  const [draft, dispatch] = useReducer(changeDraft, undefined, () =>
    typeof location === 'undefined' ? emptyDraft : { ...emptyDraft, ...draftOfAddress() },
  );
  const isStarted = useRef(false);

  useEffect(() => {
    if (isStarted.current || hasComparison || choices.models.length === 0) return;
    isStarted.current = true;
    const known = rememberedModels().filter((id) => choices.byId.get(id)?.isAvailable);
    const modelIds =
      draft.modelIds.length > 0
        ? draft.modelIds
        : known.length >= laneLimits.minimum
          ? known
          : startingModels(choices.models);
    // A lone model ("compare with…") gets company, so that Run works.
    const company =
      modelIds.length === 1
        ? startingModels(choices.models)
            .filter((id) => id !== modelIds[0])
            .slice(0, 2)
        : [];
    dispatch({
      type: 'replace',
      draft: { ...draft, prompt: draft.prompt || examplePrompt, modelIds: [...modelIds, ...company] },
    });
  }, [choices, hasComparison, draft]);

  useEffect(() => {
    if (draft.modelIds.length >= laneLimits.minimum) localStorage.setItem(storageName, JSON.stringify(draft.modelIds));
  }, [draft.modelIds]);

  return [draft, dispatch];
}

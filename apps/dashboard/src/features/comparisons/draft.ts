import type { GenerationParametersInput, ReasoningEffort, StartComparisonInput } from '../../gql/comparisons.ts';
import { isSet, type LaneSettings, settingsOfLane, toLaneInput } from './lane-settings.ts';

export const laneLimits = { minimum: 2, maximum: 8 };
export const imageLimits = {
  count: 6,
  bytes: 5 * 1024 * 1024,
  types: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'],
};

export interface DraftImage {
  id: string;
  name: string;
  mediaType: string;
  dataBase64: string;
}

export interface DraftParameters {
  maxOutputTokens: number | null;
  temperature: number | null;
  topP: number | null;
  seed: number | null;
  stopSequences: string[];
  reasoningEffort: ReasoningEffort | null;
}

/** What the next run will send. */
export interface Draft {
  prompt: string;
  /** Null: no system prompt and its field is closed. */
  systemPrompt: string | null;
  images: DraftImage[];
  modelIds: string[];
  /** Of the model in the same place; undefined: none. */
  laneSettings: (LaneSettings | undefined)[];
  parameters: DraftParameters;
}

export const noParameters: DraftParameters = {
  maxOutputTokens: null,
  temperature: null,
  topP: null,
  seed: null,
  stopSequences: [],
  reasoningEffort: null,
};
export const emptyDraft: Draft = {
  prompt: '',
  systemPrompt: null,
  images: [],
  modelIds: [],
  laneSettings: [],
  parameters: noParameters,
};

export type DraftAction =
  | { type: 'replace'; draft: Draft }
  | { type: 'prompt'; value: string }
  | { type: 'system-prompt'; value: string | null }
  | { type: 'add-model'; modelId: string }
  | { type: 'set-model'; index: number; modelId: string }
  | { type: 'remove-model'; index: number }
  | { type: 'lane-settings'; index: number; value: LaneSettings }
  | { type: 'add-images'; images: DraftImage[] }
  | { type: 'remove-image'; id: string }
  | { type: 'parameters'; value: Partial<DraftParameters> };

export function changeDraft(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'replace':
      return action.draft;
    case 'prompt':
      return { ...draft, prompt: action.value };
    case 'system-prompt':
      return { ...draft, systemPrompt: action.value };
    case 'add-model':
      return draft.modelIds.length >= laneLimits.maximum
        ? draft
        : { ...draft, modelIds: [...draft.modelIds, action.modelId] };
    case 'set-model':
      return { ...draft, modelIds: draft.modelIds.map((id, index) => (index === action.index ? action.modelId : id)) };
    case 'remove-model':
      return {
        ...draft,
        modelIds: draft.modelIds.filter((_, index) => index !== action.index),
        laneSettings: settingsInPlace(draft).filter((_, index) => index !== action.index),
      };
    case 'lane-settings':
      return {
        ...draft,
        laneSettings: settingsInPlace(draft).map((settings, index) =>
          index === action.index ? action.value : settings,
        ),
      };
    case 'add-images':
      return { ...draft, images: [...draft.images, ...action.images].slice(0, imageLimits.count) };
    case 'remove-image':
      return { ...draft, images: draft.images.filter(({ id }) => id !== action.id) };
    case 'parameters':
      return { ...draft, parameters: { ...draft.parameters, ...action.value } };
  }
}

/** One entry for each model. */
function settingsInPlace({ modelIds, laneSettings }: Draft): (LaneSettings | undefined)[] {
  return modelIds.map((_, index) => laneSettings[index]);
}

/** Why the draft cannot run yet, as a sentence; undefined when it can. */
export function draftProblem(draft: Draft): string | undefined {
  if (draft.prompt.trim() === '') return 'Write a prompt first';
  if (draft.modelIds.length < laneLimits.minimum)
    return draft.modelIds.length === 0 ? 'Add at least two models' : 'Add one more model';
  return undefined;
}

export function changedParameters(parameters: DraftParameters): GenerationParametersInput | undefined {
  const set = Object.entries(parameters).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}

/** The mutation's input; parts that were left alone are left out. */
export function inputOfDraft(draft: Draft, idempotencyKey?: string): StartComparisonInput {
  const parameters = changedParameters(draft.parameters);
  const hasSettings = draft.laneSettings.some((settings) => settings && isSet(settings));
  return {
    prompt: draft.prompt,
    ...(hasSettings
      ? { lanes: draft.modelIds.map((model, index) => toLaneInput(model, draft.laneSettings[index])) }
      : { models: draft.modelIds }),
    ...(draft.systemPrompt?.trim() ? { systemPrompt: draft.systemPrompt } : {}),
    ...(draft.images.length > 0
      ? { images: draft.images.map(({ mediaType, dataBase64 }) => ({ mediaType, dataBase64 })) }
      : {}),
    ...(parameters ? { parameters } : {}),
    ...(idempotencyKey ? { idempotencyKey } : {}),
  };
}

interface PastRun {
  prompt: string;
  systemPrompt: string | null;
  parameters: {
    maxOutputTokens: number | null;
    temperature: number | null;
    topP: number | null;
    seed: number | null;
    stopSequences: string[] | null;
    reasoningEffort: ReasoningEffort | null;
  };
  lanes: ({ modelId: string; position: number } & Parameters<typeof settingsOfLane>[0])[];
}

/** The draft that would run a comparison again. Images are not kept by the server, so they are not in it. */
export function draftOfComparison({ prompt, systemPrompt, parameters, lanes }: PastRun): Draft {
  const { maxOutputTokens, temperature, topP, seed, stopSequences, reasoningEffort } = parameters;
  const inOrder = [...lanes].sort((left, right) => left.position - right.position);
  return {
    prompt,
    systemPrompt,
    images: [],
    modelIds: inOrder.map((lane) => lane.modelId),
    laneSettings: inOrder.map(settingsOfLane),
    parameters: { maxOutputTokens, temperature, topP, seed, stopSequences: stopSequences ?? [], reasoningEffort },
  };
}

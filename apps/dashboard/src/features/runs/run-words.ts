import type { RunSource } from '../../gql/runs.ts';
import type { RunDetails, RunState, StepState } from './run-record.ts';

export type Tone = 'idle' | 'run' | 'wait' | 'good' | 'bad' | 'off';

export const runStateWords: Readonly<Record<RunState, { label: string; tone: Tone }>> = {
  QUEUED: { label: 'Queued', tone: 'idle' },
  RUNNING: { label: 'Running', tone: 'run' },
  WAITING: { label: 'Waits for a person', tone: 'wait' },
  CANCELLING: { label: 'Stopping', tone: 'wait' },
  COMPLETED: { label: 'Completed', tone: 'good' },
  FAILED: { label: 'Failed', tone: 'bad' },
  CANCELLED: { label: 'Cancelled', tone: 'off' },
};

export const stepStateWords: Readonly<Record<StepState, { label: string; tone: Tone }>> = {
  PENDING: { label: 'Not begun', tone: 'idle' },
  RUNNING: { label: 'Running', tone: 'run' },
  WAITING: { label: 'Waits for a person', tone: 'wait' },
  COMPLETED: { label: 'Completed', tone: 'good' },
  FAILED: { label: 'Failed', tone: 'bad' },
  SKIPPED: { label: 'Skipped', tone: 'off' },
};

export const sourceWords: Readonly<Record<RunSource, string>> = {
  API: 'API',
  DASHBOARD: 'dashboard',
  OPENAI_COMPATIBLE: '/v1',
  CLI: 'command line',
  COMPARISON: 'comparison',
  PREVIEW: 'try of one step',
  EXPERIMENT: 'test',
};

type Started = Pick<RunDetails, 'startedBy' | 'apiKey' | 'source'>;

/** Who started a run, and how it came in. */
export function startedByWords({ startedBy, apiKey, source }: Started): string {
  const who = startedBy?.name ?? (apiKey ? `key ${apiKey.name}` : 'somebody who left');
  return `${who}, ${sourceWords[source]}`;
}

/** Which version is carried out: `v3`, `draft`, or nothing for a workflow of the configuration file. */
export const versionWords = (version: number | null): string | null =>
  version === null ? null : version === 0 ? 'draft' : `v${version}`;

/** What a run is called. */
export const runTitle = ({ workflowTitle, workflowName }: Pick<RunDetails, 'workflowTitle' | 'workflowName'>): string =>
  workflowTitle ?? workflowName;

/** The known part of a cost, with a sign when it is not all. */
export const costWords = (
  { costUsd, knownCostUsd }: Pick<RunDetails, 'costUsd' | 'knownCostUsd'>,
  format: (usd: string) => string,
): string => (costUsd === null ? `≥ ${format(knownCostUsd)}` : format(costUsd));

/** A value of a step or an input, for reading: texts as they are, everything else as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

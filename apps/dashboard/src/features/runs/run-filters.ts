import type { RunFilter, RunSource, RunState } from '../../gql/runs.ts';

/** What a list of runs is narrowed to, as it stands in the address; empty texts say nothing. */
export interface RunFilters {
  readonly search: string;
  readonly state: string;
  readonly workflow: string;
  readonly source: string;
  readonly tag: string;
  readonly days: string;
  readonly had: string;
}

export const filterNames = ['search', 'state', 'workflow', 'source', 'tag', 'days', 'had'] as const;

const dayMs = 86_400_000;
const states: readonly RunState[] = ['QUEUED', 'RUNNING', 'WAITING', 'CANCELLING', 'COMPLETED', 'FAILED', 'CANCELLED'];
const sources: readonly RunSource[] = [
  'API',
  'CLI',
  'COMPARISON',
  'DASHBOARD',
  'OPENAI_COMPATIBLE',
  'PREVIEW',
  'EXPERIMENT',
];

export const stateChoices = [
  { value: 'open', label: 'Not over yet' },
  { value: 'WAITING', label: 'Waits for a person' },
  { value: 'FAILED', label: 'Failed' },
  { value: 'COMPLETED', label: 'Completed' },
  { value: 'CANCELLED', label: 'Cancelled' },
];
export const hadChoices = [
  { value: 'failover', label: 'With a failover' },
  { value: 'breach', label: 'With a breach' },
];
export const dayChoices = [
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
];

/** Reads what the address says; words that mean nothing are left out. */
export function filtersOf(address: URLSearchParams): RunFilters {
  const value = (name: string) => address.get(name) ?? '';
  const one = (name: string, allowed: readonly string[]) => (allowed.includes(value(name)) ? value(name) : '');
  return {
    search: value('search').slice(0, 200),
    state: one('state', ['open', ...states]),
    workflow: value('workflow'),
    source: one('source', sources),
    tag: value('tag'),
    days: /^[1-9]\d{0,3}$/.test(value('days')) ? value('days') : '',
    had: one('had', ['failover', 'breach']),
  };
}

/** What the server is asked for. The beginning of a span is a full minute, so that asking twice is asking the same. */
export function filterInput({ search, state, workflow, source, tag, days, had }: RunFilters, nowMs: number): RunFilter {
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  return {
    ...(search !== '' && { search }),
    ...(state === 'open'
      ? { states: ['QUEUED', 'RUNNING', 'WAITING', 'CANCELLING'] as RunState[] }
      : state !== '' && { states: [state as RunState] }),
    ...(workflow !== '' && { workflow }),
    ...(source !== '' && { sources: [source as RunSource], ...(source === 'PREVIEW' && { withPreviews: true }) }),
    ...(tag !== '' && { tag }),
    ...(days !== '' && { startedAfter: new Date(minute - Number(days) * dayMs).toISOString() }),
    ...(had === 'failover' && { hasFailover: true }),
    ...(had === 'breach' && { hasBreach: true }),
  };
}

export const isFiltered = (filters: RunFilters) => filterNames.some((name) => filters[name] !== '');

/** The filters as an address, for saved views and for the way back from a run. */
export function addressOf(filters: RunFilters): string {
  const set = filterNames.flatMap((name) => (filters[name] === '' ? [] : [[name, filters[name]] as [string, string]]));
  return new URLSearchParams(set).toString();
}

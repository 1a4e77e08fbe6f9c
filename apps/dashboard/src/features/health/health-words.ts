import type { HealthCause, HealthStatus, IncidentSeverity } from '../../gql/health.ts';
import { formatLeft } from '../guardrails/budget-words.ts';
import type { ProviderCondition } from './merge-conditions.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'idle';

export const statusWords: Readonly<Record<HealthStatus, { word: string; tone: Tone }>> = {
  HEALTHY: { word: 'Healthy', tone: 'good' },
  DEGRADED: { word: 'Degraded', tone: 'warn' },
  DOWN: { word: 'Down', tone: 'bad' },
  UNKNOWN: { word: 'Unknown', tone: 'idle' },
};

export const causeWords: Readonly<Record<HealthCause, string>> = {
  NO_ANSWER: 'It does not answer.',
  ERRORS: 'Too many calls fail.',
  LATENCY: 'Answers take longer than usual.',
  MIXED: 'Too many calls fail, and answers take longer than usual.',
};

/** What was wrong, once it is over. */
export const causeWordsPast: Readonly<Record<HealthCause, string>> = {
  NO_ANSWER: 'It did not answer.',
  ERRORS: 'Too many calls failed.',
  LATENCY: 'Answers took longer than usual.',
  MIXED: 'Too many calls failed, and answers took longer than usual.',
};

interface Trouble {
  readonly providerName: string;
  readonly severity: IncidentSeverity;
  readonly cause: HealthCause;
  readonly isOpen: boolean;
}

/** What an incident is called: `OpenAI is down`, `OpenAI was slow`. */
export function incidentTitle({ providerName, severity, cause, isOpen }: Trouble): string {
  const verb = isOpen ? 'is' : 'was';
  if (severity === 'DOWN') return `${providerName} ${verb} down`;
  if (cause === 'LATENCY') return `${providerName} ${verb} slow`;
  return `${providerName} ${isOpen ? 'fails' : 'failed'} too often`;
}

/** Share of uptime; never rounded up to a whole: `99.98 %`, `100 %`. */
export function formatUptime(uptime: number): string {
  if (uptime >= 1) return '100 %';
  return `${Math.min(99.99, Math.floor(uptime * 10_000) / 100).toFixed(2)} %`;
}

/** How long ago or how long something lasts, from `since` on; ticks with `now`. */
export function lastedFrom(since: string, now: number): string {
  return formatLeft(Math.max(0, now - Date.parse(since)));
}

/** Providers that can be called, and those that are not set up; both in their order. */
export function splitByUse(providers: readonly ProviderCondition[]): {
  readonly used: readonly ProviderCondition[];
  readonly unused: readonly ProviderCondition[];
} {
  const isUnused = ({ provider: { state } }: ProviderCondition) =>
    state === 'KEY_MISSING' || state === 'DISABLED' || state === 'SHADOWED';
  return { used: providers.filter((each) => !isUnused(each)), unused: providers.filter(isUnused) };
}

export interface Verdict {
  readonly tone: Tone;
  readonly text: string;
}

/** How a group of providers is, in one sentence: the worst first. */
export function overallVerdict(providers: readonly ProviderCondition[], origin: 'LIVE' | 'SIMULATED'): Verdict {
  const noun = origin === 'SIMULATED' ? 'simulated provider' : 'provider';
  const named = (status: HealthStatus) =>
    providers.filter((each) => each.status === status).map(({ provider }) => provider.displayName);
  const [down, degraded, unknown] = [named('DOWN'), named('DEGRADED'), named('UNKNOWN')];
  const part = (number: number, word: string) =>
    providers.length === 1
      ? `The ${noun} is ${word}`
      : `${number} of ${providers.length} ${noun}s ${number === 1 ? 'is' : 'are'} ${word}`;
  if (down.length > 0)
    return {
      tone: 'bad',
      text: `${part(down.length, 'down')}${degraded.length > 0 ? `, ${degraded.length} degraded` : ''}`,
    };
  if (degraded.length > 0) return { tone: 'warn', text: part(degraded.length, 'degraded') };
  if (unknown.length === providers.length)
    return { tone: 'idle', text: `Nothing was heard of ${providers.length === 1 ? `the ${noun}` : `any ${noun}`} yet` };
  if (unknown.length > 0)
    return { tone: 'idle', text: `Nothing is known of ${listed(unknown)}; all others are healthy` };
  return {
    tone: 'good',
    text: providers.length === 1 ? `The ${noun} is healthy` : `All ${providers.length} ${noun}s are healthy`,
  };
}

/** `A`, `A and B`, `A, B and C`, `A, B and 3 others`. */
export function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Alerts carry the raw id of an incident, the API its global id: both are taken. */
export function incidentIdOf(text: string): string {
  return /^[a-z]+_\w+$/.test(text) ? btoa(`Incident:${text}`) : text;
}

/** What the form for a maintenance holds; dates as `datetime-local` fields write them, in the time of the browser. */
export interface MaintenanceForm {
  readonly providerId: string;
  readonly begins: 'now' | 'later';
  readonly beginsAt: string;
  /** Hours, or `until` for a date. */
  readonly length: string;
  readonly endsAt: string;
  readonly note: string;
}

export const lengthChoices = [
  { value: '1', label: 'An hour' },
  { value: '4', label: 'Four hours' },
  { value: '24', label: 'A day' },
  { value: '168', label: 'A week' },
  { value: 'until', label: 'Until a date and time' },
];

interface Span {
  /** RFC 3339 in UTC; undefined: now. */
  readonly startsAt: string | undefined;
  /** Undefined while it is open. */
  readonly endsAt: string | undefined;
  readonly problems: Readonly<Record<string, string>>;
}

const hourMs = 3_600_000;
const longestMs = 30 * 24 * hourMs;

/** When the maintenance of a form begins and ends, and what is wrong with it by field. `now` is epoch milliseconds. */
export function spanOf({ begins, beginsAt, length, endsAt }: MaintenanceForm, now: number): Span {
  const problems: Record<string, string> = {};
  const startMs = begins === 'now' ? now : Date.parse(beginsAt);
  if (begins === 'later' && !(startMs > now)) problems.beginsAt = 'Choose a time in the future.';
  const endMs = length === 'until' ? Date.parse(endsAt) : startMs + Number(length) * hourMs;
  if (length === 'until' && !(endMs > Math.max(now, Number.isNaN(startMs) ? now : startMs)))
    problems.endsAt = 'Choose a time in the future, behind the beginning.';
  else if (length === 'until' && endMs - startMs > longestMs) problems.endsAt = 'A maintenance lasts 30 days at most.';
  return {
    startsAt: begins === 'later' && !Number.isNaN(startMs) ? new Date(startMs).toISOString() : undefined,
    endsAt: Number.isNaN(endMs) ? undefined : new Date(endMs).toISOString(),
    problems,
  };
}

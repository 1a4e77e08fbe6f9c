export type UntilChoice = 'window' | 'hour' | 'day' | 'week' | 'custom';

const hourMs = 3_600_000;
const lengthMs: Record<'hour' | 'day' | 'week', number> = { hour: hourMs, day: 24 * hourMs, week: 168 * hourMs };

/** How long something can be made to hold; the end of the window only where it has one. */
export function untilChoices(resetsAt: string | null): { value: UntilChoice; label: string }[] {
  return [
    ...(resetsAt ? [{ value: 'window' as const, label: 'The end of this window' }] : []),
    { value: 'hour', label: 'In an hour' },
    { value: 'day', label: 'In a day' },
    { value: 'week', label: 'In a week' },
    { value: 'custom', label: 'A date and time of your own' },
  ];
}

/** The instant that a choice means, RFC 3339 in UTC; undefined while it is open. `custom` is what a datetime-local field holds. */
export function endOfChoice(
  choice: UntilChoice,
  { now, resetsAt, custom }: { now: number; resetsAt: string | null; custom: string },
): string | undefined {
  if (choice === 'window') return resetsAt ?? undefined;
  if (choice !== 'custom') return new Date(now + lengthMs[choice]).toISOString();
  const at = Date.parse(custom);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

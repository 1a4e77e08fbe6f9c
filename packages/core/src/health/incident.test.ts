import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, type IncidentObservation, type IncidentState, observeIncident } from './incident.ts';
import { healthStatuses } from './judge-health.ts';

const startMs = 1_767_225_600_000;
const seen = (status: IncidentObservation['status'], atS: number, more: Partial<IncidentObservation> = {}) => ({
  atMs: startMs + atS * 1_000,
  status,
  troubleSinceMs: startMs + atS * 1_000,
  cause: status === 'down' ? ('no-answer' as const) : status === 'degraded' ? ('errors' as const) : undefined,
  models: [],
  lastError: undefined,
  ...more,
});

function run(observations: readonly IncidentObservation[]) {
  let incident: IncidentState | undefined;
  const kinds: string[] = [];
  for (const each of observations) {
    const next = observeIncident(incident, each);
    incident = next.incident;
    kinds.push(...next.steps.map(({ kind }) => kind));
  }
  return { incident, kinds };
}

describe('an incident', () => {
  test('opens with the first trouble, tells what changes, and closes by itself', () => {
    const { incident, kinds } = run([
      seen('healthy', 0),
      seen('degraded', 10, { troubleSinceMs: startMs + 8_000 }),
      seen('down', 20, { models: ['openai/a'] }),
      seen('down', 21, { models: ['openai/a', 'openai/b'] }),
      seen('down', 22),
      seen('degraded', 40),
      seen('healthy', 50),
      seen('healthy', 52),
      seen('healthy', 54),
      seen('healthy', 60),
    ]);
    expect(kinds).toEqual(['opened', 'worse', 'models', 'models', 'better', 'back', 'closed']);
    expect(incident).toMatchObject({
      severity: 'down',
      models: ['openai/a', 'openai/b'],
      startedAtMs: startMs + 8_000,
      closedAtMs: startMs + 54_000,
    });
  });

  test('trouble that is back soon is the same incident, and it takes longer to be believed over', () => {
    const { incident, kinds } = run([
      seen('down', 0),
      seen('healthy', 10),
      seen('healthy', 14),
      seen('down', 60),
      seen('healthy', 70),
      seen('healthy', 75),
      seen('healthy', 83),
    ]);
    expect(kinds).toEqual(['opened', 'back', 'closed', 'reopened', 'back', 'closed']);
    expect(incident).toMatchObject({ reopened: 1, startedAtMs: startMs, closedAtMs: startMs + 83_000 });
    const later = observeIncident(incident, seen('down', 1_000));
    expect(later.steps.map(({ kind }) => kind)).toEqual(['opened']);
  });

  test('silence neither opens nor ends one for a day', () => {
    const { incident, kinds } = run([
      seen('unknown', 0),
      seen('down', 1),
      seen('unknown', 10),
      seen('unknown', 40_000),
    ]);
    expect([kinds, incident?.closedAtMs]).toEqual([['opened', 'quiet'], undefined]);
    expect(observeIncident(incident, seen('unknown', 90_000)).incident?.closedAtMs).toBe(startMs + 90_000_000);
  });

  test('any course: opened and closed in turn, told once each, and never open while all has been well', () => {
    const step = fc.record({ gapS: fc.integer({ min: 0, max: 900 }), status: fc.constantFrom(...healthStatuses) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let atS = 0;
        let incident: IncidentState | undefined;
        let isOpen = false;
        for (const { gapS, status } of steps) {
          atS += gapS;
          const next = observeIncident(incident, seen(status, atS));
          for (const { kind } of next.steps) {
            if (kind === 'opened' || kind === 'reopened') {
              expect(isOpen).toBe(false);
              isOpen = true;
            } else if (kind === 'closed') {
              expect(isOpen).toBe(true);
              isOpen = false;
            } else expect(isOpen).toBe(true);
          }
          incident = next.incident;
          expect(incident !== undefined && incident.closedAtMs === undefined).toBe(isOpen);
          if (status === 'down' || status === 'degraded') expect(isOpen).toBe(true);
        }
      }),
    );
  });

  test('durations are for people', () => {
    expect([45, 125, 11_100, 187_200].map((seconds) => durationText(seconds * 1_000))).toEqual([
      '45 s',
      '2 min',
      '3 h 5 min',
      '2 d 4 h',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { laneWith, startMs, step } from './timeline-fixture.ts';
import { isEventful, pendingRetry, reasonWords, stepWords, stripWords } from './timeline-words.ts';

const nameOf = (modelId: string) => ({ 'openai/a': 'Alpha', 'anthropic/b': 'Beta' })[modelId] ?? modelId;
const first = step('ATTEMPT_STARTED', 0, { attempt: 1 });
const failed = step('ATTEMPT_FAILED', 100, { attempt: 1, latencyMs: 100, errorKind: 'RATE_LIMIT', blame: 'PROVIDER' });
const wait = step('RETRY_SCHEDULED', 100, { waitMs: 2000, reason: 'transient-failure' });
const over = [
  step('FAILOVER_HAPPENED', 120, { toModelId: 'anthropic/b', reason: 'attempts-used' }),
  step('ATTEMPT_STARTED', 121, { attempt: 2, modelId: 'anthropic/b' }),
];

describe('the strip of a lane', () => {
  it('says nothing of a call that went well at once', () => {
    expect(isEventful(laneWith([first], { state: 'COMPLETED' }))).toBe(false);
    expect(isEventful(laneWith([first, failed]))).toBe(true);
  });

  it('counts down while a retry waits, and says which try of which model comes', () => {
    const lane = laneWith([first, failed, wait]);
    expect(stripWords(lane, nameOf, startMs + 600)).toBe('Waiting 1.5 s before try 2 of Alpha');
    expect(stripWords(lane, nameOf, startMs + 5000)).toBe('Try 2 of Alpha is about to start');
  });

  it('waits no longer once the next try began', () => {
    const lane = laneWith([first, failed, wait, step('ATTEMPT_STARTED', 2100, { attempt: 2 })]);
    expect(pendingRetry(lane, startMs + 600)).toBeNull();
    expect(stripWords(lane, nameOf, startMs + 2200)).toBe('Try 2 of Alpha');
  });

  it.each([
    ['COMPLETED', [first, failed, wait, step('ATTEMPT_STARTED', 2100, { attempt: 2 })], 'Answered at try 2'],
    ['COMPLETED', [first, failed, ...over], '1 failed try, then Beta answered'],
    ['RUNNING', [first, failed, ...over], '1 failed try, now Beta'],
    ['FAILED', [first, failed], '1 try, no whole answer'],
    ['STOPPED', [first, failed, wait], 'Stopped after 1 try'],
    ['INTERRUPTED', [first, failed, ...over], 'Interrupted after 2 tries'],
  ] as const)('%s → %#', (state, timeline, words) => {
    expect(stripWords(laneWith(timeline, { state }), nameOf, startMs)).toBe(words);
  });
});

describe('a step in words', () => {
  it('keeps the words of the provider and says who has to act', () => {
    const words = stepWords({ ...failed, message: 'Rate limit reached for alpha' }, nameOf, startMs);
    expect(words.title).toBe('Try 1 failed after 100 ms: rate limit reached');
    expect(words.quote).toBe('Rate limit reached for alpha');
    expect(words.note).toContain('The provider has to act');
  });

  it('says why another model takes over', () => {
    expect(stepWords(over[0] as never, nameOf, startMs)).toMatchObject({
      title: 'From Alpha to Beta',
      note: 'Alpha is left because all tries are used up.',
    });
  });

  it('counts down to the probe of an open circuit', () => {
    const opened = step('CIRCUIT_CHANGED', 100, { circuit: 'OPEN', probeAt: new Date(startMs + 30_100).toISOString() });
    expect(stepWords(opened, nameOf, startMs + 10_100).note).toBe('Nobody calls it for now; a probe in 20.0 s.');
    expect(stepWords(opened, nameOf, startMs + 40_000).note).toBe('A probe may be sent now.');
  });

  it('says that text was discarded', () => {
    expect(stepWords(step('OUTPUT_VOIDED', 5, { voidedLength: 120 }), nameOf, 0)).toMatchObject({
      title: 'The text so far was discarded: the answer began anew',
      note: '120 characters of the try before are void.',
    });
  });

  it('leaves a reason readable that it does not know', () => {
    expect(reasonWords('solar-flare')).toBe('solar flare');
  });
});

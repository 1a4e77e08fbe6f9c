import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { assignVariant } from '../assignment/assign-variant.ts';
import type { ExperimentDefinition } from '../definition/experiment-definition.ts';
import { readExperiment } from '../definition/read-definition.ts';
import { buildLiveResults } from '../results/build-live-results.ts';
import type { AnsweredItem, AnswerFact } from './answer-fact.ts';
import { LiveWatch } from './live-watch.ts';
import { lookAtLive } from './look-at-live.ts';
import { decideStop, type ShownSoFar } from './look-at-watch.ts';

const definitionOf = (overrides: object = {}): ExperimentDefinition => {
  const { definition, problems } = readExperiment({
    hypothesis: 'Shorter is as good.',
    source: { type: 'live-split', workflowName: 'w', stepId: 's', unit: 'user', plannedUnits: 400 },
    baseline: 'a',
    variants: [{ key: 'a' }, { key: 'b', prompt: 'Be short.' }],
    primary: { metric: 'success' },
    smallestEffect: 0.2,
    caps: { costUsd: '5' },
    ...overrides,
  });
  if (!definition) throw new Error(JSON.stringify(problems));
  return definition;
};
const nothing: ShownSoFar = { winPValues: {}, harmPValues: {} };
const execution = (unit: string, variant: string, facts: Partial<AnswerFact> = {}, index = 0): AnsweredItem => ({
  itemId: `${unit}/${index}`,
  cluster: unit,
  answers: [{ variant, repeat: 0, scores: {}, ...facts }],
});

/** A split of `users`, each with one to six executions that are alike, looked at after every tenth; how it ended. */
function simulate(seed: number, users: number, shares: Readonly<Record<string, number>>, definition = definitionOf()) {
  const random = createSeededRandom(seed);
  const watch = new LiveWatch(definition);
  let shown = nothing;
  for (let user = 0; user < users; user += 1) {
    const unit = `user-${seed}-${user}`;
    const variant = assignVariant(`test-${seed}`, unit, definition.variants);
    // Users differ: some succeed nearly always, others rarely.
    const own = Math.min(1, Math.max(0, (shares[variant] ?? 0) + (random.next() - 0.5) * 0.6));
    for (let index = 0, count = 1 + Math.floor(random.next() * 6); index < count; index += 1) {
      const isGood = random.next() < own;
      watch.add(execution(unit, variant, isGood ? {} : { failure: 'server' }, index));
    }
    if (user % 10 !== 9) continue;
    const seen = lookAtLive(watch, users, shown);
    shown = seen.shown;
    const stop = decideStop(seen.look, definition, { isBudgetGone: false, areItemsDone: user + 1 === users });
    if (stop) return stop;
  }
  throw new Error('A split ends at its plan.');
}

describe('a live split', () => {
  test('of 100 A/A splits with alike executions at most 4 conclude, looked at after every 10 of 300 units', () => {
    const options = { stop: { onFutility: false } };
    const ends = Array.from({ length: 100 }, (_, seed) =>
      simulate(seed, 300, { a: 0.6, b: 0.6 }, definitionOf(options)),
    );
    expect(ends.filter(({ reason }) => reason !== 'end').length).toBeLessThanOrEqual(4);
  });

  test('of 30 splits with a true difference of 0.2 at least 24 find it with 400 units', () => {
    const ends = Array.from({ length: 30 }, (_, seed) => simulate(1_000 + seed, 400, { a: 0.55, b: 0.75 }));
    expect(ends.filter(({ winner }) => winner === 'b').length).toBeGreaterThanOrEqual(24);
  });

  test('a unit counts once however often it comes, and a hundred executions of two users show nothing', () => {
    const watch = new LiveWatch(definitionOf());
    for (let index = 0; index < 100; index += 1) {
      watch.add(execution('anna', 'a', { failure: 'server' }, index));
      watch.add(execution('bert', 'b', {}, index));
    }
    expect([watch.units, watch.executions]).toEqual([2, 200]);
    const { look } = lookAtLive(watch, 400, nothing);
    expect(look.variants[0]!.metrics[0]!.effect).toMatchObject({ kind: 'cannot-tell', reason: 'too-few' });
  });

  test('zero of 30 against 30 of 30 is told in spite of no variance, 10 against 10 alike is not', () => {
    const definition = definitionOf();
    const sure = new LiveWatch(definition);
    const same = new LiveWatch(definition);
    for (let user = 0; user < 30; user += 1) {
      sure.add(execution(`a${user}`, 'a', { failure: 'server' }));
      sure.add(execution(`b${user}`, 'b'));
      same.add(execution(`a${user}`, 'a'));
      same.add(execution(`b${user}`, 'b'));
    }
    expect(lookAtLive(sure, 60, nothing).look.variants[0]!.verdict).toBe('wins');
    expect(['open', 'futile']).toContain(lookAtLive(same, 60, nothing).look.variants[0]!.verdict);
  });

  test('a split that does not come as planned stops every conclusion, and the alarm stays', () => {
    const definition = definitionOf();
    const watch = new LiveWatch(definition);
    for (let user = 0; user < 200; user += 1)
      watch.add(execution(`u${user}`, user % 5 === 0 ? 'a' : 'b', user % 5 === 0 ? { failure: 'server' } : {}));
    const seen = lookAtLive(watch, 400, nothing);
    expect(seen).toMatchObject({ isSplitBroken: true, shown: nothing });
    expect(seen.look.variants[0]!.verdict).toBe('open');
    const later = new LiveWatch(definition, watch.maxLogEvidence);
    expect(later.lookAtSplit().isBroken).toBe(true);
    const limits = { isBudgetGone: false, areItemsDone: true };
    expect(decideStop(seen.look, definition, limits)).toEqual({ reason: 'end', winner: undefined });
  });

  test('a variant that is slow is no broken split: units count when they are put on a variant', () => {
    const watch = new LiveWatch(definitionOf());
    for (let user = 0; user < 200; user += 1) watch.add(execution(`u${user}`, 'a'));
    watch.noteAssigned({ a: 203, b: 197 });
    expect(watch.lookAtSplit().isBroken).toBe(false);
    expect(watch.counts()).toEqual({ a: 203, b: 197 });
  });

  test('keeps spoilt executions apart, by reason, and says so', () => {
    const definition = definitionOf();
    const items = Array.from({ length: 60 }, (_, user) =>
      execution(`u${user}`, user % 2 ? 'a' : 'b', {
        latencyMs: 100 + user,
        costNanoUsd: 1_000n,
        ...(user % 12 === 0 && { contamination: 'failover' as const }),
        ...(user === 1 && { contamination: 'moved-unit' as const }),
      }),
    );
    const results = buildLiveResults({ definition, plannedUnits: 400 }, items, undefined, nothing);
    expect(results.headline).toBe('Running: 60 of 400 users are in.');
    expect(results.variants[0]!.metrics[0]).toMatchObject({ pairs: 54, missing: { failover: 5, 'moved-unit': 1 } });
    expect(results.health.cautions.join(' ')).toContain('changes what it calls a user');
    expect(results.summaries[0]).toMatchObject({ variant: 'a', answers: 30, contaminated: { 'moved-unit': 1 } });
    expect(results.health.power.b).toBeGreaterThan(0.5);
  });

  test('an empty split and shares of nine to one are no trouble', () => {
    const uneven = definitionOf({
      variants: [
        { key: 'a', weight: 9 },
        { key: 'b', prompt: 'x' },
      ],
    });
    expect(buildLiveResults({ definition: uneven, plannedUnits: 400 }, [], undefined, nothing).items).toBe(0);
    const watch = new LiveWatch(uneven);
    for (let user = 0; user < 300; user += 1)
      watch.add(execution(`u${user}`, assignVariant('t', `u${user}`, uneven.variants)));
    expect(watch.lookAtSplit().isBroken).toBe(false);
  });
});

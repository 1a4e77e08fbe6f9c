import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeCircuitLedgerContract, FakeClock, MemoryCircuitLedger } from '../testing/index.ts';
import { defaultCircuitSettings } from './circuit-breaker.ts';
import { CircuitBreakers, type CircuitChange } from './circuit-breakers.ts';

const { coolDownMs, maxCoolDownMs, minErrors } = defaultCircuitSettings;

describeCircuitLedgerContract('MemoryCircuitLedger', async () => {
  const clock = new FakeClock();
  const store = new MemoryCircuitLedger(clock);
  return {
    connect: (onRemote) => store.connect(onRemote),
    settle: async () => {},
    pass: (ms) => clock.advanceAsync(ms),
    close: async () => {},
  };
});

function setUpReplicas(count: number) {
  const clock = new FakeClock();
  const store = new MemoryCircuitLedger(clock);
  const changes: CircuitChange[][] = [];
  const replicas = Array.from({ length: count }, (_, index) => {
    changes.push([]);
    const ledger = store.connect((change) => circuits.applyRemote(change));
    const circuits: CircuitBreakers = new CircuitBreakers({
      clock,
      ledger,
      onChange: (change) => void changes[index]?.push(change),
    });
    return circuits;
  });
  return { clock, store, replicas, changes };
}

/** Asks a circuit as a call does; answers what became of it. */
async function call(circuits: CircuitBreakers, outcome: 'success' | 'failure', key = 'a/x') {
  const entry = circuits.enter(key);
  if (!entry.isAdmitted) return 'refused';
  if (!entry.isProbe) {
    entry.settle(outcome);
    return 'call';
  }
  const isMine = (await circuits.claimProbe(key)) ?? true;
  entry.settle(isMine ? outcome : 'ignored');
  return isMine ? 'probe' : 'left to another';
}

async function open(circuits: CircuitBreakers) {
  for (let error = 0; error < minErrors; error += 1) await call(circuits, 'failure');
}

describe('circuits shared by replicas', () => {
  test('what one learns all know: opening, the one probe, closing; each tells its own listeners', async () => {
    const { clock, replicas, changes } = setUpReplicas(3);
    const [first, second, third] = replicas as [CircuitBreakers, CircuitBreakers, CircuitBreakers];
    await open(first);
    expect(await Promise.all(replicas.map((each) => call(each, 'success')))).toEqual(['refused', 'refused', 'refused']);
    await clock.advanceAsync(coolDownMs);
    expect(await call(second, 'failure')).toBe('probe');
    expect([await call(first, 'success'), await call(third, 'success')]).toEqual(['refused', 'refused']);
    await clock.advanceAsync(coolDownMs);
    expect(await call(third, 'success')).toBe('probe');
    expect(replicas.map((each) => each.readStatus('a/x'))).toEqual(['closed', 'closed', 'closed']);
    expect(changes[0]?.map(({ to, isRemote }) => [to, isRemote])).toEqual([
      ['open', undefined],
      ['half-open', true],
      ['open', true],
      ['half-open', true],
      ['closed', true],
    ]);
  });

  test('two that want to probe at once: one does, the other waits a cool-down', async () => {
    const { clock, store, replicas } = setUpReplicas(2);
    await open(replicas[0] as CircuitBreakers);
    // Messages are lost, claims are not.
    for (const ledgerless of replicas) ledgerless.applyRemote = () => {};
    await clock.advanceAsync(coolDownMs);
    const results = await Promise.all(replicas.map((each) => call(each, 'failure')));
    expect(results.sort()).toEqual(['left to another', 'probe']);
    expect(store.health).toBe('well');
  });

  test.each(['failing', 'hanging'] as const)(
    'a store that is %s stops no call: the local rule holds',
    async (health) => {
      const { clock, store, replicas } = setUpReplicas(2);
      const circuits = replicas[0] as CircuitBreakers;
      store.health = health;
      await open(circuits);
      expect(circuits.readStatus('a/x')).toBe('open');
      await clock.advanceAsync(coolDownMs);
      const probe = call(circuits, 'success');
      await clock.advanceAsync(500);
      expect([await probe, circuits.readStatus('a/x'), clock.pendingTimers]).toEqual(['probe', 'closed', 0]);
    },
  );

  test('an older message changes nothing, and a wrong clock keeps no circuit open for long', async () => {
    const { clock, replicas } = setUpReplicas(1);
    const circuits = replicas[0] as CircuitBreakers;
    const nowMs = clock.nowMs();
    circuits.applyRemote({ key: 'a/x', from: 'closed', to: 'open', atMs: nowMs, probeAtMs: nowMs + 86_400_000 });
    circuits.applyRemote({ key: 'a/x', from: 'open', to: 'closed', atMs: nowMs - 1 });
    expect(circuits.list()).toEqual([{ key: 'a/x', status: 'open', isProbing: false, nextProbeInMs: maxCoolDownMs }]);
    await clock.advanceAsync(maxCoolDownMs);
    expect(circuits.canEnter('a/x')).toBe(true);
  });

  test('a probe announced by one that has not heard of the closing opens nothing; the closing reaches it', async () => {
    const { clock, replicas } = setUpReplicas(1);
    const circuits = replicas[0] as CircuitBreakers;
    const halfOpen = (atMs: number) => circuits.applyRemote({ key: 'a/x', from: 'open', to: 'half-open', atMs });
    halfOpen(clock.nowMs());
    expect(circuits.readStatus('a/x')).toBe('closed');
    await open(circuits);
    const openedAtMs = clock.nowMs();
    await clock.advanceAsync(coolDownMs);
    const entry = circuits.enter('a/x');
    halfOpen(clock.nowMs());
    circuits.applyRemote({ key: 'a/x', from: 'half-open', to: 'closed', atMs: openedAtMs + 1 });
    expect(circuits.readStatus('a/x')).toBe('closed');
    // The own probe counts as an ordinary call then.
    if (entry.isAdmitted) entry.settle('failure');
    expect(circuits.readStatus('a/x')).toBe('closed');
  });

  test('any traffic on any replicas: one probe per cool-down in all, and all agree in the end', async () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 0, max: 10_000 }),
      replica: fc.nat(2),
      isFailure: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, replicas } = setUpReplicas(3);
        let probedAtMs = Number.NEGATIVE_INFINITY;
        for (const { gapMs, replica, isFailure } of steps) {
          clock.advance(gapMs);
          const result = await call(replicas[replica] as CircuitBreakers, isFailure ? 'failure' : 'success');
          if (result !== 'probe') continue;
          expect(clock.monotonicMs() - probedAtMs).toBeGreaterThanOrEqual(coolDownMs);
          probedAtMs = clock.monotonicMs();
        }
        expect(new Set(replicas.map((each) => each.readStatus('a/x'))).size).toBe(1);
      }),
      { numRuns: 100 },
    );
  });
});

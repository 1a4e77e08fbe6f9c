import { expect, test } from 'vitest';
import { TurnPermits } from './turn-permits.ts';

test('teams take turns: one call of a team does not wait behind a hundred of another one', async () => {
  const permits = new TurnPermits(2);
  const done: string[] = [];
  const work = (team: string) => permits.use(team, async () => void done.push(team));
  const busy = Array.from({ length: 100 }, () => work('busy'));
  const quiet = [work('quiet'), work('quiet')];
  await Promise.all([...busy, ...quiet]);
  expect(done).toHaveLength(102);
  expect(done.indexOf('quiet')).toBeLessThan(6);
  expect(done.lastIndexOf('quiet')).toBeLessThan(10);
});

test('a call that throws gives its place back, and never more run than may', async () => {
  const permits = new TurnPermits(3);
  let [running, most] = [0, 0];
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) =>
      permits.use(`team-${index % 7}`, async () => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        if (index % 3 === 0) throw new Error('no');
      }),
    ),
  );
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(33);
  expect([running, most]).toEqual([0, 3]);
});

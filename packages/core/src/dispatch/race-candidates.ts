import { type Clock, linkAbort, sleep } from '../kernel/index.ts';
import type { AttemptResult } from './chain-attempt.ts';
import { HedgeRace } from './hedge-race.ts';
import type { PartListener } from './run-call.ts';

/** One of the calls that run side by side. */
export interface RaceLane {
  readonly signal: AbortSignal;
  readonly onPart: PartListener;
}

type StartCall = (lane: RaceLane) => Promise<AttemptResult>;

export interface RaceOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** How long the first may be silent before the second is started, in milliseconds. */
  readonly delayMs: number;
  readonly startFirst: StartCall;
  /** Asked once when the first has been silent for so long; undefined: there is no second. */
  readonly planSecond: () => StartCall | undefined;
  /** Told before the winner's first part goes to `output`. */
  readonly onWin: (lane: number) => void;
  readonly output: PartListener;
  /** Told of each call that ends without deciding the race: it lost, or it failed while the other one still runs. */
  readonly onLoss: (lane: number, result: AttemptResult) => void;
}

/**
 * Runs one call and, when it stays silent, a second one beside it. The first content decides; the other call is stopped
 * and over before this resolves. Answers the call that decided: the winner, or the last one that failed. Throws what a
 * listener throws, after both calls are over.
 */
export async function raceCandidates(
  options: RaceOptions,
): Promise<{ readonly lane: number; readonly result: AttemptResult }> {
  const { clock, signal } = options;
  const race = new HedgeRace(signal, options.onWin, options.output);
  const running = new Set<number>();
  let decisive: { readonly lane: number; readonly result: AttemptResult } | undefined;
  const run = async (lane: number, start: StartCall) => {
    running.add(lane);
    try {
      const result = await start(race.join());
      if (result.isCalled && !result.outcome.error) await race.finish(lane);
      running.delete(lane);
      if (race.winner === lane || (race.winner === undefined && running.size === 0)) decisive = { lane, result };
      else options.onLoss(lane, result);
    } catch (thrown) {
      running.delete(lane);
      // A bug of a listener: the other call must not go on for nobody.
      race.close(thrown);
      throw thrown;
    }
  };
  const waiting = linkAbort(signal, race.decided);
  const calls = [run(0, options.startFirst)];
  const stopWaiting = () => waiting.abort(new Error('The first call is over.'));
  calls[0]?.then(stopWaiting, stopWaiting);
  const isSilent = await sleep(clock, options.delayMs, waiting.signal).then(
    () => running.has(0) && race.winner === undefined && !signal?.aborted,
    () => false,
  );
  waiting.unlink();
  const startSecond = isSilent ? options.planSecond() : undefined;
  if (startSecond) calls.push(run(1, startSecond));
  const ends = await Promise.allSettled(calls);
  race.close(new Error('The calls are over.'));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  if (!decisive) throw new Error('A race ends with a decision.');
  return decisive;
}

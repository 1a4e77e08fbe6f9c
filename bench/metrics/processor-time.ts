import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/**
 * One buffer for all of these small files: `readFile` takes 64 kB for each, because their size is said to be 0, and a
 * hundred of them for each measured query was what the garbage collector ran for.
 */
const buffer = Buffer.alloc(4_096);

/** The text of a small file of `/proc`; undefined when it is not there any more. */
function readSmall(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Milliseconds on a processor by process id. */
type ProcessorTimes = ReadonlyMap<number, number>;

/** The process that started `pid`; undefined where the system does not tell. */
export function findParent(pid: number): number | undefined {
  const stat = readSmall(`/proc/${pid}/stat`);
  // After the name, which may hold anything: state, parent.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** How much processor time the children of `parentPid`, a database server, have used; nothing where there is no `/proc`. */
function readChildTimes(parentPid: number | undefined): ProcessorTimes {
  const times = new Map<number, number>();
  if (parentPid === undefined) return times;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!(pid > 0) || findParent(pid) !== parentPid) continue;
    // The first number is nanoseconds on a processor.
    const text = readSmall(`/proc/${pid}/schedstat`);
    if (text !== undefined) times.set(pid, Number(text.split(' ')[0]) / 1e6);
  }
  return times;
}

/** Between two readings, in milliseconds; processes that ended meanwhile are left out. */
function msBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  return [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);
}

/**
 * Does `work` and tells how long this process and the children of `parentPid` were on a processor meanwhile, in
 * milliseconds: what a query costs however busy the machine is otherwise. Looking at the children does not count.
 */
export async function measureProcessor<Value>(
  parentPid: number | undefined,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly processorMs: number }> {
  const children = readChildTimes(parentPid);
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, processorMs: (user + system) / 1_000 + msBetween(children, readChildTimes(parentPid)) };
}

import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds on a processor by process id. */
type ProcessorTimes = ReadonlyMap<number, number>;

/** The process that started `pid`; undefined where the system does not tell. */
export async function findParent(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // After the name, which may hold anything: state, parent.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** How much processor time the children of `parentPid`, a database server, have used; nothing where there is no `/proc`. */
async function readChildTimes(parentPid: number | undefined): Promise<ProcessorTimes> {
  const times = new Map<number, number>();
  if (parentPid !== undefined) {
    const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
    await Promise.all(
      pids.map(async (pid) => {
        if ((await findParent(pid)) !== parentPid) return;
        // The first number is nanoseconds on a processor.
        const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => undefined);
        if (text !== undefined) times.set(pid, Number(text.split(' ')[0]) / 1e6);
      }),
    );
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
  const children = await readChildTimes(parentPid);
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, processorMs: (user + system) / 1_000 + msBetween(children, await readChildTimes(parentPid)) };
}

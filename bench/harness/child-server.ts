import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface ChildServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts `bench/servers/<name>.ts` and waits until it prints `ready <url>`. */
export async function startChildServer(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<ChildServer> {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? []),
      join(import.meta.dirname, `../servers/${name}.ts`),
    ],
    { env: { PATH: process.env.PATH ?? '', ...environment }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const output = child.stdout;
  if (!output || child.pid === undefined) throw new Error(`The server ${name} could not be started.`);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: output }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    child.once('exit', (code) => reject(new Error(`The server ${name} ended with ${code} before it was ready.`)));
  });
  return {
    url,
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

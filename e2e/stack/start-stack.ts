import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../scripts/tasks/free-port.mjs';
import { compileCache } from '../../scripts/tasks/launch.mjs';
import { pinnedNode, repositoryRoot } from '../../scripts/tasks/repository.mjs';
import { fillFromTemplate } from './fill-from-template.ts';
import { owner } from './owner.ts';

const startWithinMs = 150_000;

export interface StackOptions {
  /** A folder to use again; without it a new one is made, and removed by `stop`. */
  readonly dataDir?: string;
  readonly port?: number;
  /** Begins with an owner and a key; default true. */
  readonly hasOwner?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** The whole product as a process: dashboard, API and simulator, as `npm start` runs it. */
export interface Stack {
  readonly url: string;
  readonly port: number;
  readonly simulatorUrl: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** Changes the simulator's settings, for example `{ speed: 10 }`. */
  setSimulator(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Makes a simulated vendor fail, for example `{ vendor: 'openai', kind: 'cut' }`. */
  addFault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  /** Takes back all settings and faults. */
  resetSimulator(): Promise<void>;
  /** Kills it without warning; the data folder stays. */
  killHard(): Promise<void>;
  /** Stops it as Ctrl-C does and answers the exit code; the data folder goes when this stack made it. */
  stop(): Promise<number | null>;
}

/** Only what a process needs: no key of the person who runs the tests may leak in. */
function plainEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Spawns `switchyard start` and does not wait for anything. */
export function spawnSwitchyard(env: Readonly<Record<string, string>>): {
  process: ChildProcess;
  output: () => string;
} {
  const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', 'apps/switchyard/src/main.ts', 'start'], {
    cwd: repositoryRoot,
    env: { ...plainEnvironment(), NODE_COMPILE_CACHE: compileCache, ...env },
    // The channel ends it when the tests are killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-100_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return { process: child, output: () => output };
}

/** Starts it and waits until it is ready to serve. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const port = options.port ?? (await findFreePort());
  const simulatorPort = await findFreePort();
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'switchyard-e2e-'));
  if (options.hasOwner !== false) fillFromTemplate(dataDir);
  const url = `http://localhost:${port}`;
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const { process: child, output } = spawnSwitchyard({
    PORT: String(port),
    SWITCHYARD_DATA_DIR: dataDir,
    SWITCHYARD_SIMULATOR: 'on',
    SWITCHYARD_SIMULATOR_PORT: String(simulatorPort),
    ...(options.hasOwner === false ? {} : owner.environment),
    ...options.env,
  });
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${simulatorUrl}/_control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The simulator refused ${path}: ${await response.text()}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  };
  try {
    await waitUntilReady(url, child, output);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    url,
    port,
    simulatorUrl,
    dataDir,
    process: child,
    output,
    setSimulator: (settings) => control('PUT', 'settings', settings),
    addFault: (fault) => control('POST', 'faults', fault),
    resetSimulator: () => control('POST', 'reset'),
    killHard: async () => void (await end('SIGKILL')),
    stop: async () => {
      const exitCode = await end('SIGINT');
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      return exitCode;
    },
  };
}

async function waitUntilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadlineMs = performance.now() + startWithinMs;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null) throw new Error(`Switchyard ended with exit code ${child.exitCode}:\n${output()}`);
    const isReady = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Switchyard was not ready in time:\n${output()}`);
}

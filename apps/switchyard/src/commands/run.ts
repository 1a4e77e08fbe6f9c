import { readFileSync } from 'node:fs';
import type { Clock } from '@switchyard/core/kernel';
import { systemClock, systemIds } from '@switchyard/core/kernel/system';
import { mayColour, type Surroundings } from './command.ts';
import { askGraph, ConnectionProblem, followGraph, type GraphData, type GraphTarget } from './graph-connection.ts';
import { type Interrupts, processInterrupts } from './interrupts.ts';
import { colourful, colourless } from './palette.ts';
import { printableText } from './printable-text.ts';
import { parseRunArguments, type RunArguments } from './run-arguments.ts';
import { type ProgressDisplay, showRunProgress } from './run-display.ts';
import {
  cancelRunDocument,
  findWorkflowDocument,
  followRunDocument,
  readRunDocument,
  startRunDocument,
} from './run-documents.ts';
import { type DeclaredTypes, readRunInputs } from './run-inputs.ts';
import { renderFailure, renderOutputs } from './run-result.ts';

const exitCodes = { completed: 0, failed: 1, wrongUse: 2, interrupted: 130 } as const;
const usualServer = 'http://localhost:4400';

/** What a test puts in the place of the machine. */
export interface RunParts {
  readonly clock: Clock;
  readonly interrupts: Interrupts;
  readonly readStandardInput: () => string;
}

const machineParts: RunParts = {
  clock: systemClock,
  interrupts: processInterrupts,
  readStandardInput: () => readFileSync(0, 'utf8'),
};

/**
 * `switchyard run WORKFLOW`: runs a workflow on a server, shows how it goes on and prints its outputs. The first Ctrl-C
 * cancels the run, the second one leaves it as it is. Answers the exit code: 0 completed, 1 failed, 2 wrong use, 130
 * interrupted.
 */
export async function run(
  args: readonly string[],
  surroundings: Surroundings,
  parts: RunParts = machineParts,
): Promise<number> {
  const { errorOutput } = surroundings;
  const wanted = parseRunArguments(args);
  if ('problem' in wanted) {
    errorOutput.write(wanted.problem);
    return exitCodes.wrongUse;
  }
  const target = readTarget(wanted, surroundings.environment);
  if ('problem' in target) {
    errorOutput.write(target.problem);
    return exitCodes.wrongUse;
  }
  try {
    const declared = wanted.sets.length === 0 ? undefined : await readDeclaredTypes(target, wanted.workflow);
    const { workingDirectory } = surroundings;
    const read = readRunInputs(wanted, declared, workingDirectory, parts.readStandardInput);
    if ('problem' in read) {
      errorOutput.write(read.problem);
      return exitCodes.wrongUse;
    }
    return await new RunCommand(wanted, target, surroundings, parts).carryOut(read.inputs);
  } catch (error) {
    if (!(error instanceof ConnectionProblem)) throw error;
    errorOutput.write(printableText(error.message));
    return exitCodes.failed;
  }
}

/** Where the server is and by which key it is asked, or what is missing. */
export function readTarget(
  { server, key }: Pick<RunArguments, 'server' | 'key'>,
  environment: Surroundings['environment'],
): GraphTarget | { readonly problem: string } {
  const address = server ?? (environment.SWITCHYARD_URL?.trim() || usualServer);
  const secret = key ?? environment.SWITCHYARD_API_KEY?.trim();
  if (!secret) {
    return {
      problem: 'Give an API key with the scopes READ and RUN: SWITCHYARD_API_KEY, or --key. Make one under Keys.',
    };
  }
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    return { problem: `"${address}" is no address of a server. Write it as ${usualServer}.` };
  }
  return { server: address.replace(/\/+$/, ''), key: secret };
}

async function readDeclaredTypes(target: GraphTarget, name: string): Promise<DeclaredTypes | undefined> {
  const { workflows } = await askGraph(target, findWorkflowDocument, { name });
  const found = workflows.nodes.find(({ node }: GraphData) => node.name === name)?.node.definition?.inputs;
  return found && Object.fromEntries(Object.entries<GraphData>(found).map(([input, { type }]) => [input, type]));
}

class RunCommand {
  readonly #wanted: RunArguments;
  readonly #target: GraphTarget;
  readonly #surroundings: Surroundings;
  readonly #parts: RunParts;
  readonly #left = new AbortController();
  #runId = '';
  #isCancelled = false;

  constructor(wanted: RunArguments, target: GraphTarget, surroundings: Surroundings, parts: RunParts) {
    this.#wanted = wanted;
    this.#target = target;
    this.#surroundings = surroundings;
    this.#parts = parts;
  }

  async carryOut(inputs: Readonly<Record<string, unknown>>): Promise<number> {
    const { output, errorOutput, environment } = this.#surroundings;
    const begun = await this.#start(inputs);
    if (begun === undefined) return exitCodes.failed;
    this.#runId = begun.id;
    if (this.#wanted.isDetached) {
      output.write(this.#wanted.isJson ? JSON.stringify({ run: begun.id, url: this.#link }) : this.#link);
      return exitCodes.completed;
    }
    errorOutput.write(`Started ${this.#wanted.workflow}: ${this.#link}`);
    const palette = mayColour(errorOutput, environment) ? colourful : colourless;
    const steps = begun.definition?.steps ?? [];
    const display = showRunProgress(errorOutput, palette, this.#parts.clock, steps, this.#link);
    const stopListening = this.#parts.interrupts.listen(() => this.#interrupt(display));
    try {
      await this.#follow(display);
    } finally {
      stopListening();
      display.close();
    }
    if (this.#left.signal.aborted) {
      errorOutput.write(`Left. The run is here: ${this.#link}`);
      return exitCodes.interrupted;
    }
    return this.#report();
  }

  get #link(): string {
    return `${this.#target.server}/runs?id=${encodeURIComponent(this.#runId)}`;
  }

  async #start(inputs: Readonly<Record<string, unknown>>): Promise<GraphData | undefined> {
    const { workflow, version, tags, user, session } = this.#wanted;
    const input = {
      workflow,
      inputs,
      source: 'CLI',
      ...(version !== undefined && { version }),
      ...(tags.length > 0 && { tags }),
      ...(user !== undefined && { subject: user }),
      ...(session !== undefined && { session }),
      idempotencyKey: systemIds.next('cli'),
    };
    const { startRun } = await askGraph(this.#target, startRunDocument, { input });
    if (startRun.run) return startRun.run;
    for (const line of renderFailure(startRun)) this.#surroundings.errorOutput.write(line);
    return undefined;
  }

  async #follow(display: ProgressDisplay): Promise<void> {
    const events = followGraph(
      this.#target,
      followRunDocument,
      'runEvents',
      { runId: this.#runId },
      {
        afterSeq: 0,
        clock: this.#parts.clock,
        signal: this.#left.signal,
        onLost: () => display.tell('connection lost'),
      },
    );
    for await (const event of events) display.take(event);
  }

  #interrupt(display: ProgressDisplay): void {
    if (this.#isCancelled) {
      this.#left.abort();
      return;
    }
    this.#isCancelled = true;
    display.tell('Cancelling the run. Press Ctrl-C again to leave it as it is.');
    askGraph(this.#target, cancelRunDocument, { runId: this.#runId }).then(
      ({ cancelRun }) => {
        if (cancelRun.message !== undefined) display.tell(cancelRun.message);
      },
      (error: unknown) => display.tell(`It could not be cancelled: ${(error as Error).message}`),
    );
  }

  async #report(): Promise<number> {
    const { output, errorOutput } = this.#surroundings;
    const { run: ended } = await askGraph(this.#target, readRunDocument, { runId: this.#runId });
    if (!ended) {
      errorOutput.write('The run was deleted.');
      return exitCodes.failed;
    }
    if (this.#wanted.isJson) {
      const { id, ...facts } = ended;
      output.write(JSON.stringify({ run: id, url: this.#link, ...facts }, undefined, 2));
    } else if (ended.state === 'COMPLETED') {
      for (const text of renderOutputs(ended.outputs ?? {})) output.write(text);
    } else {
      const { code = ended.state, message = 'The run was cancelled.', remedy } = ended.error ?? {};
      for (const line of renderFailure({ code, message, remedy })) errorOutput.write(line);
    }
    if (ended.state === 'COMPLETED') return exitCodes.completed;
    return this.#isCancelled ? exitCodes.interrupted : exitCodes.failed;
  }
}

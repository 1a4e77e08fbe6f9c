import { type Clock, sleep } from '@switchyard/core/kernel';
import { systemClock, systemIds } from '@switchyard/core/kernel/system';
import { mayColour, type Surroundings } from './command.ts';
import { askGraph, ConnectionProblem, type GraphData, type GraphTarget } from './graph-connection.ts';
import { type Interrupts, processInterrupts } from './interrupts.ts';
import { colourful, colourless } from './palette.ts';
import { printableText } from './printable-text.ts';
import { parseRehearseArguments, type RehearseArguments } from './rehearse-arguments.ts';
import { readTarget } from './run.ts';

const exitCodes = { kept: 0, broken: 1, wrongUse: 2, interrupted: 130 } as const;
const pollMs = 500;

const reportFields = `timeToDetectMs failedCallsUntilDetected eventDelayMs failovers failoverP50Ms failoverP95Ms failoverMaxMs
  callsMade callsRescued callsLost normalUsd extraUsd wastedUsd timeToRecoverMs firstOwnAnswerMs errors
  alerts { kind status title at } incident { id } checks { name target measured isMet }`;
const rehearsalFields = `id mode state phase calls failure report { ${reportFields} }`;
const providersDocument = '{ providers { id slug } }';
const startDocument = `mutation($input: StartFailureRehearsalInput!) { startFailureRehearsal(input: $input) { __typename
  ... on UserError { code message } ... on StartFailureRehearsalSuccess { rehearsal { ${rehearsalFields} } } } }`;
const readDocument = `query($id: ID!) { node(id: $id) { ... on FailureRehearsal { ${rehearsalFields} } } }`;
const cancelDocument = `mutation($input: CancelFailureRehearsalInput!) { cancelFailureRehearsal(input: $input) {
  ... on UserError { message } } }`;

/** What a test puts in the place of the machine. */
export interface RehearseParts {
  readonly clock: Clock;
  readonly interrupts: Interrupts;
}

const machineParts: RehearseParts = { clock: systemClock, interrupts: processInterrupts };

/**
 * `switchyard rehearse MODEL`: breaks the provider of a model on purpose, follows what happens and prints the report. Ctrl-C ends
 * it, and everything is restored. Answers the exit code: 0 every promise was kept, 1 one was not, 2 wrong use, 130 interrupted.
 */
export async function rehearse(
  args: readonly string[],
  surroundings: Surroundings,
  parts: RehearseParts = machineParts,
): Promise<number> {
  const { errorOutput, environment } = surroundings;
  const wanted = parseRehearseArguments(args);
  const target = 'problem' in wanted ? wanted : readTarget(wanted, environment);
  if ('problem' in wanted || 'problem' in target) {
    errorOutput.write('problem' in wanted ? wanted.problem : (target as { readonly problem: string }).problem);
    return exitCodes.wrongUse;
  }
  try {
    return await carryOut(wanted, target, surroundings, parts);
  } catch (error) {
    if (!(error instanceof ConnectionProblem)) throw error;
    errorOutput.write(printableText(error.message));
    return exitCodes.broken;
  }
}

async function carryOut(
  { provider, model, fallbacks, fault, calls, isJson }: RehearseArguments,
  target: GraphTarget,
  { output, errorOutput, environment }: Surroundings,
  { clock, interrupts }: RehearseParts,
): Promise<number> {
  const { providers } = await askGraph(target, providersDocument, {});
  const found = providers.find(({ slug }: GraphData) => slug === provider);
  if (!found) {
    errorOutput.write(
      printableText(
        `There is no provider "${provider}". Known are ${providers.map(({ slug }: GraphData) => slug).join(', ')}.`,
      ),
    );
    return exitCodes.wrongUse;
  }
  const input = {
    providerId: found.id,
    ...{ model, fallbacks },
    fault: { kind: fault.toUpperCase() },
    ...(calls !== undefined && { calls }),
    idempotencyKey: systemIds.next('cli'),
  };
  const { startFailureRehearsal: begun } = await askGraph(target, startDocument, { input });
  if (!begun.rehearsal) {
    errorOutput.write(printableText(`${begun.message} (${begun.code})`));
    return exitCodes.broken;
  }
  const { id, mode } = begun.rehearsal;
  const reach = mode === 'SIMULATOR' ? 'for everybody who calls it' : 'for the calls of the rehearsal alone';
  errorOutput.write(printableText(`Breaking ${provider} ${reach}. Ctrl-C ends it.`));
  let isCancelled = false;
  const stopListening = interrupts.listen(() => {
    isCancelled = true;
    askGraph(target, cancelDocument, { input: { rehearsalId: id } }).catch(() => {});
  });
  try {
    let phase = '';
    for (;;) {
      const { node: rehearsal } = await askGraph(target, readDocument, { id });
      if (rehearsal.phase !== phase && rehearsal.state === 'RUNNING') {
        phase = rehearsal.phase;
        errorOutput.write(phaseWords[phase] ?? phase);
      }
      if (rehearsal.state !== 'RUNNING') {
        const palette = mayColour(output, environment) ? colourful : colourless;
        if (isJson) output.write(JSON.stringify(rehearsal, undefined, 2));
        else for (const line of renderReport(rehearsal, palette)) output.write(line);
        const isKept = rehearsal.report?.checks.every(({ isMet }: GraphData) => isMet !== false);
        if (isCancelled) return exitCodes.interrupted;
        return rehearsal.state === 'FINISHED' && isKept ? exitCodes.kept : exitCodes.broken;
      }
      await sleep(clock, pollMs);
    }
  } finally {
    stopListening();
  }
}

const phaseWords: Readonly<Record<string, string>> = {
  BASELINE: 'Calling it while all is well …',
  BROKEN: 'It is broken …',
  RESTORED: 'It is restored; waiting until it is well …',
};

/** The report in lines. */
export function renderReport(
  rehearsal: GraphData,
  { good, bad }: Pick<typeof colourless, 'good' | 'bad'>,
): readonly string[] {
  const { state, failure, report } = rehearsal;
  const lines =
    state === 'FINISHED'
      ? []
      : [printableText(`The rehearsal is ${state.toLowerCase()}.${failure ? ` ${failure}` : ''}`)];
  if (!report) return lines;
  const width = Math.max(...report.checks.map(({ name }: GraphData) => name.length), 0);
  for (const { name, target, measured, isMet } of report.checks) {
    const mark = isMet === null ? '?' : isMet ? good('✔') : bad('✘');
    lines.push(`${mark} ${printableText(`${name.padEnd(width)}  ${measured} (${target})`)}`);
  }
  lines.push(
    `${report.callsMade} calls: ${report.callsRescued} rescued, ${report.callsLost} lost.`,
    `Cost: ${report.normalUsd} USD as usual, ${report.extraUsd} USD above it, ${report.wastedUsd} USD for nothing.`,
  );
  for (const error of report.errors) lines.push(printableText(`Lost: ${error}`));
  return lines;
}

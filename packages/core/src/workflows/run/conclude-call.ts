import type { PreparedCall } from './prepare-call.ts';
import { readOutput } from './read-output.ts';
import type { CallPlace, JournalFact, RunError } from './run-fact.ts';
import type { CallEnd } from './run-ports.ts';
import type { OpenCall } from './run-state.ts';

/** What to record of a call that has ended: its answer, read as the step promises it, or its failure. */
export function concludeCall(prepared: PreparedCall, end: CallEnd): JournalFact {
  const place = placeOf(prepared.call);
  if (end.type === 'failed') {
    const { error, isTransient, needsApproval, budgetApprovalId, spend } = end;
    return {
      type: 'call-failed',
      ...place,
      error,
      isTransient,
      spend,
      ...(needsApproval && { needsApproval }),
      ...(budgetApprovalId !== undefined && { budgetApprovalId }),
    };
  }
  const read = readOutput(end.answer.text, prepared.output);
  const answer = read.isValid
    ? { ...end.answer, value: read.value }
    : { ...end.answer, value: null, outputProblem: read.problem };
  return { type: 'output-completed', ...place, answer, spend: end.spend };
}

/** What to record of a call that nobody made: its prompt could not be rendered, or it was stopped before. */
export function callNotMade(call: OpenCall, error: RunError): JournalFact {
  return { type: 'call-failed', ...placeOf(call), error, isTransient: false, spend: [] };
}

/** Of a call that was stopped and that this process was not making. */
export const stoppedError: RunError = { code: 'CALL.STOPPED', message: 'The call was stopped.' };

function placeOf({ callId, stepId, itemIndex, slot, attempt }: OpenCall): CallPlace {
  return { callId, stepId, ...(itemIndex !== undefined && { itemIndex }), slot, attempt };
}

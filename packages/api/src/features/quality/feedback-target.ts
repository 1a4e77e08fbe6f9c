import { isStorableText } from '@switchyard/core/kernel';
import type { Services } from '../../container.ts';
import type { CallRecord, RoutingDecision } from '../../generated/prisma/client.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { findDecision } from '../routing/find-decision.ts';
import { findAnsweringCalls, type Within } from './find-answering-calls.ts';

/** What is judged, by the ids of the tables: exactly one field. */
export interface FeedbackSubject {
  readonly decisionId?: string | undefined;
  readonly laneId?: string | undefined;
  /** Of an OpenAI-compatible client: `x-request-id`, the `chatcmpl-…` of its answer, or `x-switchyard-decision`. */
  readonly requestId?: string | undefined;
  readonly callId?: string | undefined;
  readonly runId?: string | undefined;
  readonly step?: { readonly runId: string; readonly stepId: string } | undefined;
  readonly testAnswer?:
    | { readonly experimentId: string; readonly position: number; readonly repeat: number; readonly variant: string }
    | undefined;
}

/** The thing that words are kept of, and what learns from them. The same answer is the same target, whatever id names it. */
export interface FeedbackTarget {
  readonly kind: 'decision' | 'lane' | 'call' | 'run' | 'step' | 'test-answer';
  readonly id: string;
  /** Of those that the team has: of a run all that chose models for its answers. */
  readonly decisionIds: readonly string[];
  readonly callId: string | undefined;
  readonly runId: string | undefined;
  readonly experimentId: string | undefined;
}

const nothing = { decisionIds: [], callId: undefined, runId: undefined, experimentId: undefined };

/** Throws `NotFoundFailure` for what is missing or another team's, `ConflictFailure` when there is no answer to judge. */
export async function findFeedbackTarget(
  services: Services,
  teamId: string,
  subject: FeedbackSubject,
): Promise<FeedbackTarget> {
  const { decisionId, laneId, requestId, callId, runId, step, testAnswer } = subject;
  // What no store can hold names nothing.
  const { experimentId, variant } = testAnswer ?? {};
  const ids = [decisionId, laneId, requestId, callId, runId, step?.runId, step?.stepId, experimentId, variant];
  if (!ids.every((id) => id === undefined || isStorableText(id))) throw missing('answer');
  if (testAnswer) return ofTestAnswer(services, teamId, testAnswer);
  if (step) return ofRun(services, teamId, step.runId, step.stepId);
  if (runId !== undefined) return ofRun(services, teamId, runId, undefined);
  if (laneId !== undefined) return ofLane(services, teamId, laneId);
  if (callId !== undefined) {
    const find = () => services.prisma.callRecord.findFirst({ where: { id: callId, teamId } });
    // It is written behind the answer: whoever asks at once may be quicker.
    const call = (await find()) ?? (await services.callRecords.flush().then(find));
    if (!call) throw missing('call');
    return ofCall(services, teamId, call);
  }
  if (decisionId !== undefined) return ofDecision(await findOne(services, teamId, decisionId));
  return ofRequest(services, teamId, requestId ?? '');
}

const missing = (what: string) => new NotFoundFailure(what, ['input', 'of']);

const noAnswer = () =>
  new ConflictFailure('ROUTING.NO_ANSWER', 'This gave no whole answer that could be judged.', ['input', 'of']);

async function findOne(services: Services, teamId: string, id: string): Promise<RoutingDecision> {
  const decision = await findDecision(services, teamId, id);
  if (!decision) throw missing('routing decision');
  return decision;
}

function ofDecision(decision: RoutingDecision, callId?: string): FeedbackTarget {
  if (decision.outcome === 'failed' || decision.outcome === 'cancelled') throw noAnswer();
  return { ...nothing, kind: 'decision', id: decision.id, decisionIds: [decision.id], callId };
}

async function ofCall(services: Services, teamId: string, call: CallRecord): Promise<FeedbackTarget> {
  if (call.outcome !== 'succeeded') throw noAnswer();
  const decision = call.decisionId === null ? null : await findDecision(services, teamId, call.decisionId);
  if (decision) return ofDecision(decision, call.id);
  return { ...nothing, kind: 'call', id: call.id, callId: call.id, runId: call.runId ?? undefined };
}

/** Ids hold the time at which they were made; a record of the call is looked for from there on. */
async function ofRequest(services: Services, teamId: string, given: string): Promise<FeedbackTarget> {
  const id = given.startsWith('chatcmpl-') ? `req_${given.slice('chatcmpl-'.length)}` : given;
  const decision = await findDecision(services, teamId, id);
  // A test asks for many answers under one name: that names none of them.
  if (decision && decision.source !== 'experiment') return ofDecision(decision);
  if (decision?.id === id) return ofDecision(decision);
  if (!id.startsWith('req_')) throw missing('request');
  const madeAtMs = timeOfId(id);
  if (madeAtMs === undefined) throw missing('request');
  const within = { fromMs: madeAtMs - 1_000, toMs: madeAtMs + longestRequestMs };
  const calls = await findAnsweringCalls(services, teamId, { sourceId: id }, within);
  if (calls.length > 0) return ofCall(services, teamId, calls.at(-1)!);
  throw missing('request');
}

/** From the first byte of a request to the beginning of its last attempt. */
const longestRequestMs = 15 * 60_000;
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

function timeOfId(id: string): number | undefined {
  const digits = [...id.slice(id.indexOf('_') + 1, id.indexOf('_') + 11)].map((letter) => letters.indexOf(letter));
  if (digits.length < 10 || digits.includes(-1)) return undefined;
  const ms = digits.reduce((sum, digit) => sum * 32 + digit, 0);
  return ms < 8e15 ? ms : undefined;
}

async function ofLane(services: Services, teamId: string, laneId: string): Promise<FeedbackTarget> {
  const lane = await services.comparisons.findLane(teamId, laneId);
  if (!lane) throw missing('lane');
  if (lane.output === '' && !(Array.isArray(lane.toolCalls) && lane.toolCalls.length > 0)) throw noAnswer();
  const decision = await findDecision(services, teamId, lane.id);
  if (decision) return ofDecision(decision);
  const fromMs = (lane.startedAt?.getTime() ?? 0) - 1_000;
  const toMs = (lane.finishedAt?.getTime() ?? services.clock.nowMs()) + 1_000;
  const calls = await findAnsweringCalls(services, teamId, { sourceId: lane.id }, { fromMs, toMs });
  return { ...nothing, kind: 'lane', id: lane.id, callId: calls.at(-1)?.id };
}

async function ofRun(
  services: Services,
  teamId: string,
  runId: string,
  stepId: string | undefined,
): Promise<FeedbackTarget> {
  const { prisma, clock } = services;
  const run = await prisma.run.findUnique({ where: { id_teamId: { id: runId, teamId } } });
  if (!run) throw missing('run');
  if (stepId === undefined && run.state !== 'completed') throw noAnswer();
  const within: Within = {
    fromMs: run.createdAt.getTime() - 1_000,
    toMs: (run.endedAt?.getTime() ?? clock.nowMs()) + 1_000,
  };
  const calls = await findAnsweringCalls(services, teamId, { runId, ...(stepId !== undefined && { stepId }) }, within);
  if (stepId !== undefined && calls.length === 0) {
    const { steps } = JSON.parse(run.definition) as { readonly steps: readonly { readonly id: string }[] };
    throw steps.some(({ id }) => id === stepId) ? noAnswer() : missing('step');
  }
  await services.routing.decisions.flush();
  const ids = [...new Set(calls.flatMap(({ decisionId }) => decisionId ?? []))];
  const decisions = await prisma.routingDecision.findMany({
    where: { teamId, id: { in: ids }, OR: [{ outcome: null }, { outcome: 'succeeded' }] },
    select: { id: true },
  });
  return {
    kind: stepId === undefined ? 'run' : 'step',
    id: stepId === undefined ? run.id : `${run.id}/${stepId}`,
    decisionIds: decisions.map(({ id }) => id),
    // Words on several calls belong to none of them.
    callId: calls.length === 1 ? calls[0]!.id : undefined,
    runId: run.id,
    experimentId: undefined,
  };
}

async function ofTestAnswer(
  { prisma }: Services,
  teamId: string,
  place: NonNullable<FeedbackSubject['testAnswer']>,
): Promise<FeedbackTarget> {
  const answer = await prisma.experimentAnswer.findUnique({ where: { experimentId_position_repeat_variant: place } });
  if (!answer || answer.teamId !== teamId) throw missing('answer');
  if (answer.failure !== null) throw noAnswer();
  const { experimentId, position, repeat, variant, decisionId, contamination } = answer;
  return {
    kind: 'test-answer',
    id: `${experimentId}/${position}/${repeat}/${variant}`,
    // What another model answered says nothing about the choice.
    decisionIds: decisionId !== null && contamination === null ? [decisionId] : [],
    callId: undefined,
    runId: undefined,
    experimentId,
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayDo } from '../auth/identity.ts';
import type { Services } from '../container.ts';
import type { FeedbackSubject } from '../features/quality/feedback-target.ts';
import { giveFeedback } from '../features/quality/give-feedback.ts';
import { decodeId } from '../graphql/global-id.ts';
import { UserFailure } from '../user-errors.ts';
import { readBearer } from './credential.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { respondJson } from './respond.ts';

export const feedbackPath = '/api/feedback';

const largestBody = 64 * 1024;
const subjects = ['requestId', 'callId', 'decisionId', 'laneId', 'runId', 'step', 'testAnswer'] as const;
const statusOf: Readonly<Record<string, number>> = { NOT_FOUND: 404, 'TEAMS.FORBIDDEN': 403, 'INPUT.INVALID': 400 };

/**
 * `POST /api/feedback` with a JSON body: one of `requestId`, `callId`, `decisionId`, `laneId`, `runId`, `step { runId, stepId }`,
 * `testAnswer { experimentId, position, repeat?, variant }` and `score`, `scale?`, `source?`, `judge?`, `comment?`. For API keys
 * with the scope RUN; the same as the mutation `submitFeedback`.
 */
export function createFeedbackHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
      respondJson(response, status, { code, message }, headers);
    const key = readBearer(request.headers.authorization);
    const identity = key === undefined ? undefined : await services.identities.resolve({ kind: 'api-key', key });
    if (!identity) {
      refuse(401, 'UNAUTHENTICATED', 'Send an API key as Authorization: Bearer sk-…', { 'www-authenticate': 'Bearer' });
      return;
    }
    if (request.method !== 'POST') {
      refuse(405, 'METHOD_NOT_ALLOWED', 'Use POST.', { allow: 'POST' });
      return;
    }
    if (!mayDo(identity, 'RUN', 'TESTS')) {
      refuse(403, 'TEAMS.FORBIDDEN', 'This API key lacks the scope RUN: an owner or admin can make a key that has it.');
      return;
    }
    const read = await readJson(request);
    if ('problem' in read) {
      refuse(read.status, 'INPUT.INVALID', read.problem);
      return;
    }
    const given = subjects.filter((name) => read.body[name] != null);
    if (given.length !== 1) {
      refuse(400, 'INPUT.INVALID', `Say what is judged by exactly one of ${subjects.join(', ')}.`);
      return;
    }
    const { score, scale, source, judge, comment } = read.body;
    const word = {
      ...{ score, scale, judge, comment },
      source: typeof source === 'string' ? source.toLowerCase() : source,
    };
    try {
      const { id, quality, isReplaced, learningDecisions } = await giveFeedback(
        services,
        identity,
        subjectOf(read.body),
        word,
      );
      respondJson(response, 200, { id, score: quality, isReplaced, learningDecisions });
    } catch (error) {
      if (!(error instanceof UserFailure)) throw error;
      refuse(statusOf[error.code] ?? 409, error.code, error.message);
    }
  };
}

type Body = Readonly<Record<string, unknown>>;

async function readJson(
  request: IncomingMessage,
): Promise<{ readonly body: Body } | { readonly status: number; readonly problem: string }> {
  try {
    const body: unknown = JSON.parse((await readBody(request, largestBody)).toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { body: body as Body };
    return { status: 400, problem: 'Send one JSON object.' };
  } catch (error) {
    if (error instanceof BodyTooLarge) return { status: 413, problem: 'The body may have 64 kB at the most.' };
    if (error instanceof SyntaxError) return { status: 400, problem: 'The body is not JSON.' };
    throw error;
  }
}

/** Ids as GraphQL gives them, or as they stand in headers. What is no id at all finds nothing. */
function subjectOf(body: Body): FeedbackSubject {
  const idOf = (type: string, value: unknown): string => {
    const text = typeof value === 'string' ? value : '?';
    return decodeId(text, type) ?? text;
  };
  const { requestId, callId, decisionId, laneId, runId, step, testAnswer } = body;
  if (requestId != null) return { requestId: String(requestId).slice(0, 200) };
  if (callId != null) return { callId: idOf('CallRecord', callId) };
  if (decisionId != null) return { decisionId: idOf('RouteDecision', decisionId) };
  if (laneId != null) return { laneId: idOf('ComparisonLane', laneId) };
  if (runId != null) return { runId: idOf('Run', runId) };
  if (step != null) {
    const { runId: ofRun, stepId } = step as Body;
    return { step: { runId: idOf('Run', ofRun), stepId: String(stepId) } };
  }
  const { experimentId, position, repeat, variant } = testAnswer as Body;
  const whole = (value: unknown) => (Number.isInteger(value) && Math.abs(Number(value)) < 1e9 ? Number(value) : -1);
  const place = { position: whole(position), repeat: repeat == null ? 0 : whole(repeat), variant: String(variant) };
  return { testAnswer: { experimentId: idOf('Experiment', experimentId), ...place } };
}

import type { Behaviour, Observation } from './behaviour.ts';
import { complaintsOf, fallbackAnswers, only, primaryAnswers, wholeOrCleanError } from './judgements.ts';

const primary = { vendor: 'openai' } as const;
const fallback = { vendor: 'anthropic' } as const;

/** Between the first two calls of the primary. */
function firstGapMs({ primaryCalls: [first, second] }: Observation): number {
  return first && second ? second.startedAt - first.startedAt : 0;
}

/**
 * What must hold with 2 retries, one fallback and 30 s timeouts. Minutes are shortened to seconds in the last one
 * together with the circuit's cool-down, unless `scale` is 1.
 */
export function dispatchBehaviours(scale: number): readonly Behaviour[] {
  return [
    {
      id: 'rate-limited-once',
      situation: 'One 429 with `Retry-After: 2`',
      promise: 'second try not before 1.8 s, same model',
      faults: [{ ...primary, kind: 'error', status: 429, retryAfterSeconds: 2, times: 1 }],
      judge: (seen) => [
        ...primaryAnswers(seen, 2),
        ...complaintsOf([firstGapMs(seen) >= 1_800, `the second try came after ${firstGapMs(seen)} ms`]),
      ],
    },
    {
      id: 'rate-limited-forever',
      situation: '429 for ever',
      promise: 'at most 4 tries in 3 s and 6 in all, then the fallback',
      faults: [{ ...primary, kind: 'error', status: 429 }],
      judge: (seen) => {
        const [first] = seen.primaryCalls;
        const early = seen.primaryCalls.filter((call) => first && call.startedAt - first.startedAt <= 3_000).length;
        return [...fallbackAnswers(seen, 6), ...complaintsOf([early <= 4, `${early} tries in the first 3 s`])];
      },
    },
    {
      id: 'server-error-once',
      situation: 'One 500',
      promise: 'one retry on the same model',
      faults: [{ ...primary, kind: 'error', status: 500, times: 1 }],
      judge: (seen) => primaryAnswers(seen, 2),
    },
    {
      id: 'reset-once',
      situation: 'One TCP reset',
      promise: 'one retry on the same model',
      faults: [{ ...primary, kind: 'reset', times: 1 }],
      judge: (seen) => primaryAnswers(seen, 2),
    },
    {
      id: 'unavailable-forever',
      situation: '503 for ever',
      promise: 'at most 6 tries, then the fallback, which is named and whose usage is carried',
      faults: [{ ...primary, kind: 'error', status: 503 }],
      judge: (seen) => fallbackAnswers(seen, 6),
    },
    {
      id: 'silent',
      situation: 'Accepts the request and never answers',
      promise: 'rescued, one attempt on the silent route',
      faults: [{ ...primary, kind: 'silent' }],
      judge: (seen) => fallbackAnswers(seen, 1, true),
    },
    {
      id: 'slow-first-token',
      situation: 'Headers at once, the first token after 20 s',
      promise: 'rescued within 15 s',
      faults: [{ ...primary, kind: 'slow-first-token', delayMs: 20_000 }],
      judge: (seen) => [
        ...fallbackAnswers(seen, 1, true),
        ...complaintsOf([only(seen).elapsedMs <= 15_000, `rescued after ${only(seen).elapsedMs} ms`]),
      ],
    },
    {
      id: 'cut',
      situation: 'Cut after 40 tokens, without an end marker',
      promise: 'a whole answer or a clean error, never a truncated success',
      faults: [{ ...primary, kind: 'cut', afterTokens: 40 }],
      judge: (seen) => wholeOrCleanError(seen, 30_000),
    },
    {
      id: 'stall',
      situation: '20 tokens, then 30 s of silence',
      promise: 'a whole answer or a clean error within 45 s',
      faults: [{ ...primary, kind: 'stall', afterTokens: 20, forMs: 30_000 }],
      judge: (seen) => wholeOrCleanError(seen, 45_000),
    },
    {
      id: 'malformed-event',
      situation: 'One event of the stream is not JSON',
      promise: 'skipped, and finished when the rest is sound',
      faults: [{ ...primary, kind: 'malformed', afterTokens: 10 }],
      judge: (seen) => primaryAnswers(seen, 1),
    },
    {
      id: 'no-end-marker',
      situation: 'No final `[DONE]`, but finish reason and usage were seen',
      promise: 'complete within 8 s',
      faults: [{ ...primary, kind: 'missing-end', hold: true }],
      judge: (seen) => [
        ...primaryAnswers(seen, 1),
        ...complaintsOf([only(seen).elapsedMs <= 8_000, `complete after ${only(seen).elapsedMs} ms`]),
      ],
    },
    {
      id: 'context-length',
      situation: '400, the prompt is too long for the model',
      promise: 'exactly one attempt on the primary, then the fallback',
      faults: [{ ...primary, kind: 'error', status: 400, code: 'context-length' }],
      judge: (seen) => fallbackAnswers(seen, 1, true),
    },
    {
      id: 'content-policy',
      situation: '400, refused for content policy',
      promise: 'exactly one attempt, the error is returned',
      faults: [{ ...primary, kind: 'error', status: 400, code: 'content-filter' }],
      judge: (seen) =>
        complaintsOf(
          [!only(seen).isWhole, 'the refusal was answered by another model'],
          [seen.primaryCalls.length === 1, `${seen.primaryCalls.length} calls of the primary`],
          [seen.fallbackCalls.length === 0, 'the fallback was asked'],
        ),
    },
    {
      id: 'prefill-refused',
      situation: 'Cut, and the fallback refuses a prefill',
      promise: 'never the prefill error; a whole answer or a clean error',
      delivery: 'continue',
      faults: [
        { ...primary, kind: 'cut', afterTokens: 40 },
        {
          ...fallback,
          kind: 'error',
          status: 400,
          times: 1,
          code: 'prefill-refused',
        },
      ],
      judge: (seen) => [
        ...wholeOrCleanError(seen, 30_000),
        ...complaintsOf([
          !/prefill/i.test(only(seen).error ?? ''),
          `the error speaks of the prefill: ${only(seen).error}`,
        ]),
      ],
    },
    outage(scale),
  ];
}

/** How long the primary is away, and how long its return may stay unnoticed, before scaling. */
const outageMs = 60_000;
const returnWithinMs = 30_000;

function outage(scale: number): Behaviour {
  const duringOutage = 15;
  const everyMs = (outageMs / duringOutage) * scale;
  const after = Math.ceil((returnWithinMs * scale) / everyMs) + 2;
  return {
    id: 'outage-and-return',
    situation: `503 for a minute with steady traffic${scale === 1 ? '' : ` (times and cool-down × ${scale})`}`,
    promise:
      'everyone served by the fallback, at most 4 calls of the primary for 15 requests, primary used again within 30 s of its recovery',
    faults: [{ ...primary, kind: 'error', status: 503 }],
    traffic: { requests: duringOutage + after, everyMs, recoverAfterMs: outageMs * scale, scale },
    judge: (seen) => {
      const recoveredAtMs = seen.recoveredAtMs ?? 0;
      const during = seen.answers.slice(0, duringOutage);
      const outageStartedAt = recoveredAtMs - outageMs * scale;
      const calls = seen.primaryCalls.filter((call) => call.startedAt < recoveredAtMs);
      const back = seen.answers.find(
        (answer, index) => index >= duringOutage && answer.modelId?.startsWith('primary-'),
      );
      const backAfterMs = back === undefined ? Number.POSITIVE_INFINITY : back.atMs - outageMs * scale;
      return complaintsOf(
        [seen.answers.every((answer) => answer.isWhole), 'somebody got no answer'],
        [
          during.every((answer) => answer.modelId?.startsWith('fallback-')),
          'not the fallback answered during the outage',
        ],
        [
          calls.length <= 4,
          `${calls.length} calls of the primary during the outage: ${timesOf(calls, outageStartedAt)}`,
        ],
        [backAfterMs <= returnWithinMs * scale, `the primary was used again ${backAfterMs} ms after its recovery`],
      );
    },
  };
}

function timesOf(calls: Observation['primaryCalls'], since: number): string {
  return calls.map((call) => `after ${Math.round(call.startedAt - since)} ms`).join(', ');
}

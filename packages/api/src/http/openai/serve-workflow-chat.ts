import type { Timer } from '@switchyard/core/kernel';
import type { ChatEnvelope } from '../../features/completions/chat-facts.ts';
import type { ChatRequest } from '../../features/completions/decode-chat-request.ts';
import type { PublicRunEvent } from '../../features/runs/run-service.ts';
import { StreamedText } from '../../features/runs/streamed-text.ts';
import type { WorkflowReference } from '../../features/runs/workflow-reference.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { respondJson } from '../respond.ts';
import { watchIdentity } from '../watch-identity.ts';
import { EventStream } from './event-stream.ts';
import { wrongKey } from './key-failures.ts';
import type { OpenAiExchange } from './openai-exchange.ts';
import { encodeFailure, type OpenAiFailure, respondFailure } from './openai-failure.ts';
import { startWorkflowChat, type WorkflowChat } from './workflow-chat.ts';
import { WorkflowChunks } from './workflow-chunks.ts';
import {
  answerRestarted,
  fromRunError,
  fromStartFailure,
  runCancelled,
  runInterrupted,
  waitsForApproval,
} from './workflow-failure.ts';
import { describeProgress } from './workflow-progress.ts';

/** A sign of life for proxies that close silent connections. */
const heartbeatMs = 10_000;
/** A reader who takes nothing for so long is disconnected. */
const patienceMs = 60_000;

const keyEnded = new Error('The API key has ended.');
const clientGone = new Error('The client went away.');
const serverStops = new Error('The server stops.');

/**
 * `POST /v1/chat/completions` with `workflow:name` as the model: starts a run and answers with its output, whole or as the
 * step that makes it writes. A client that goes away takes the run with it, unless it sent an `Idempotency-Key` to come back by.
 */
export async function serveWorkflowChat(
  exchange: OpenAiExchange,
  reference: WorkflowReference,
  chat: ChatRequest,
  body: unknown,
  envelope: ChatEnvelope,
): Promise<void> {
  const { services, response, identity, credential } = exchange;
  let started: WorkflowChat;
  try {
    started = await startWorkflowChat(exchange, reference, chat, body);
  } catch (thrown) {
    const failure = fromStartFailure(thrown);
    if (!failure) throw thrown;
    return respondFailure(response, failure);
  }
  const stop = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) stop.abort(clientGone);
  };
  response.once('close', onClose);
  if (response.destroyed) onClose();
  const { left } = services.runParts.engine;
  const onLeft = () => stop.abort(serverStops);
  left.addEventListener('abort', onLeft, { once: true });
  if (left.aborted) onLeft();
  response.setHeader('x-switchyard-run', encodeId('Run', started.run.id));
  const stopWatching = watchIdentity(
    services.identities,
    services.clock,
    credential,
    () => stop.abort(keyEnded),
    identity,
  );
  try {
    await new WorkflowAnswer(exchange, started, chat, envelope).give(stop.signal);
  } finally {
    stopWatching();
    left.removeEventListener('abort', onLeft);
    const { aborted, reason } = stop.signal;
    // The run goes on when the server is back.
    if (aborted && reason !== serverStops && !(started.isKept && reason === clientGone)) {
      await services.runs
        .cancel(identity, started.run.id)
        .catch((error: unknown) =>
          services.log.warn(
            { runId: started.run.id, error: String(error) },
            'a run without a reader was not cancelled',
          ),
        );
    }
  }
}

/** One answer, from the events of its run. */
class WorkflowAnswer {
  readonly #exchange: OpenAiExchange;
  readonly #started: WorkflowChat;
  readonly #isStream: boolean;
  readonly #chunks: WorkflowChunks;
  readonly #stream: EventStream;
  readonly #text = new StreamedText();
  /** The call whose text is being sent. */
  #callId: string | undefined;

  constructor(exchange: OpenAiExchange, started: WorkflowChat, chat: ChatRequest, envelope: ChatEnvelope) {
    this.#exchange = exchange;
    this.#started = started;
    this.#isStream = chat.isStream;
    this.#chunks = new WorkflowChunks(envelope, chat.model, chat.includesUsage);
    this.#stream = new EventStream(exchange.response, exchange.services.clock, patienceMs);
  }

  async give(signal: AbortSignal): Promise<void> {
    const { services, identity, response } = this.#exchange;
    const { run } = this.#started;
    if (this.#isStream) {
      this.#stream.begin({});
      this.#stream.send(this.#chunks.begin());
    }
    const heart = this.#isStream ? this.#beat() : undefined;
    try {
      for await (const event of services.runs.follow(identity.teamId, run.id, 0, signal)) {
        if (response.destroyed) return;
        if (await this.#take(event)) return;
      }
      if (signal.reason === keyEnded) return this.#fail(wrongKey);
      if (!signal.aborted || signal.reason === serverStops) this.#fail(runInterrupted(this.#runId));
    } finally {
      heart?.stop();
    }
  }

  get #runId(): string {
    return encodeId('Run', this.#started.run.id);
  }

  /** Whether the answer is over. */
  async #take(event: PublicRunEvent): Promise<boolean> {
    if (event.type === 'run-finished') {
      await this.#finish(event);
      return true;
    }
    if (event.type === 'approval-requested') {
      const run = await this.#read();
      // Decided long ago: the run is an old one that the client came back for.
      if (run === undefined || run.pendingApprovals === 0) return false;
      this.#fail(waitsForApproval(event.message, this.#runId));
      return true;
    }
    return this.#isStream && this.#takeProgress(event);
  }

  async #takeProgress(event: PublicRunEvent): Promise<boolean> {
    const progress = describeProgress(event);
    if (progress !== undefined) this.#stream.comment(progress);
    if (!('callId' in event) || event.stepId !== this.#started.answer.streamedStepId) return false;
    if (event.callId !== this.#callId || event.type === 'output-reset') this.#text.restart();
    this.#callId = event.callId;
    if (event.type !== 'output-delta') return false;
    const piece = this.#text.add(event.text, event.offset);
    if (piece === undefined) {
      this.#fail(answerRestarted(this.#runId));
      return true;
    }
    if (piece !== '') await this.#stream.send(this.#chunks.text(piece));
    return false;
  }

  async #finish(event: Extract<PublicRunEvent, { type: 'run-finished' }>): Promise<void> {
    const { answer, warnings, run: begun } = this.#started;
    if (event.outcome === 'cancelled') return this.#fail(runCancelled(this.#runId));
    if (event.outcome === 'failed') return this.#fail(fromRunError(event.error, this.#runId));
    const content = answer.read(event.outputs ?? {});
    const run = (await this.#read()) ?? begun;
    if (!this.#isStream) return respondJson(this.#exchange.response, 200, this.#chunks.whole(content, run, warnings));
    const rest = this.#text.finish(content);
    if (rest === undefined) return this.#fail(answerRestarted(this.#runId));
    this.#stream.complete(...(rest === '' ? [] : [this.#chunks.text(rest)]), ...this.#chunks.finish(run, warnings));
  }

  #read() {
    const { services, identity } = this.#exchange;
    return services.runs.find(identity.teamId, this.#started.run.id);
  }

  #fail(failure: OpenAiFailure): void {
    if (this.#stream.hasBegun) this.#stream.fail(encodeFailure(failure));
    else respondFailure(this.#exchange.response, failure);
  }

  #beat(): { readonly stop: () => void } {
    const { clock } = this.#exchange.services;
    let timer: Timer | undefined;
    const beat = () => {
      this.#stream.comment('at work');
      timer = clock.startTimer(heartbeatMs, beat);
    };
    timer = clock.startTimer(heartbeatMs, beat);
    return { stop: () => timer?.cancel() };
  }
}

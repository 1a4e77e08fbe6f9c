import { type Clock, sleep } from '@switchyard/core/kernel';

/** Where a server is and who asks it. */
export interface GraphTarget {
  /** Without a path: `http://localhost:4400`. */
  readonly server: string;
  readonly key: string;
}

/** The server cannot be used as it is; the message says what to do. */
export class ConnectionProblem extends Error {}

// biome-ignore lint/suspicious/noExplicitAny: answers have the shape that the document asks for.
export type GraphData = any;

const retryDelaysMs = [250, 500, 1_000, 2_000, 4_000, 8_000];

/** Carries out one query or mutation. Rejects with {@link ConnectionProblem} for what is no answer. */
export async function askGraph(
  target: GraphTarget,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<GraphData> {
  const response = await post(target, query, variables, 'application/json');
  const text = await response.text();
  const body = parseObject(text);
  const [error] = (body?.errors ?? []) as readonly { readonly message?: string }[];
  if (response.status === 401) throw new ConnectionProblem(`The server refused the key: ${error?.message ?? '401'}`);
  if (error?.message !== undefined) throw new ConnectionProblem(error.message);
  if (!response.ok || !body?.data) {
    throw new ConnectionProblem(`${target.server} answered ${response.status}, and not as Switchyard does.`);
  }
  return body.data;
}

/**
 * Follows a subscription whose events have `seq`, through lost connections: after each it goes on behind the last event
 * it had. `field` is its only field, `variables` lack `afterSeq`. Ends when the server completes it. Rejects with
 * {@link ConnectionProblem} when the server stays away or refuses.
 */
export async function* followGraph(
  target: GraphTarget,
  query: string,
  field: string,
  variables: Readonly<Record<string, unknown>>,
  options: {
    readonly afterSeq: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onLost?: () => void;
  },
): AsyncGenerator<GraphData, void, undefined> {
  let { afterSeq } = options;
  for (let failures = 0; !options.signal.aborted; ) {
    try {
      const given = { ...variables, afterSeq };
      const response = await post(target, query, given, 'text/event-stream', options.signal);
      if (!response.ok || !response.body) throw new Refused(response.status);
      for await (const { event, data } of readEvents(response.body)) {
        if (event === 'complete') return;
        if (event !== 'next') continue;
        const result = parseObject(data);
        const [error] = (result?.errors ?? []) as readonly { readonly message?: string }[];
        if (error) throw new ConnectionProblem(error.message ?? 'The server refused the subscription.');
        const item: GraphData = result?.data?.[field];
        if (!item) continue;
        failures = 0;
        afterSeq = Math.max(afterSeq, item.seq);
        yield item;
      }
    } catch (error) {
      if (options.signal.aborted) return;
      const isFinal = error instanceof Refused && error.status < 500 && error.status !== 429;
      if (isFinal) throw new ConnectionProblem(`${target.server} refused the subscription (${error.status}).`);
      if (error instanceof ConnectionProblem && error.cause === undefined) throw error;
    }
    const delayMs = retryDelaysMs[failures];
    if (delayMs === undefined) throw new ConnectionProblem(`The connection to ${target.server} was lost.`);
    failures += 1;
    options.onLost?.();
    await sleep(options.clock, delayMs, options.signal).catch(() => {});
  }
}

class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

async function post(
  { server, key }: GraphTarget,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  accept: string,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    throw new ConnectionProblem(
      `Nothing answers at ${server}. Start Switchyard there, or name its address with --server or SWITCHYARD_URL.`,
      { cause },
    );
  }
}

interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** The events of a `text/event-stream`, as the standard cuts them. A cut event at the end is dropped. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  let data: string[] = [];
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    // A line break may be cut in two: a lone CR at the end waits for what follows.
    for (let end = /\r\n|\n|\r(?!$)/.exec(rest); end; end = /\r\n|\n|\r(?!$)/.exec(rest)) {
      const line = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      if (line === '') {
        if (event !== '' || data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') };
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'event') event = value;
      else if (name === 'data') data.push(value);
    }
  }
}

function parseObject(text: string): GraphData | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

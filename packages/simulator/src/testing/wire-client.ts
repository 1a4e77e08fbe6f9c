import type { Simulator } from '../index.ts';
import type { JsonRecord } from '../json-value.ts';
import type { SimulatedVendor } from '../vendors.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of four vendors
export type LooseJson = any;

/** `fetch` whose JSON may be looked into without types. */
export type LooseResponse = Omit<Response, 'json' | 'clone'> & { json(): Promise<LooseJson>; clone(): LooseResponse };
export const fetchLoose = fetch as unknown as (url: string, init?: RequestInit) => Promise<LooseResponse>;

/** A model of each vendor that answers in plain text at once. */
export const TEST_MODELS: Record<SimulatedVendor, string> = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-haiku-4-5',
  google: 'gemini-2.5-flash-lite',
  ollama: 'llama3.2',
  huggingface: 'meta-llama/Llama-3.3-70B-Instruct',
  cohere: 'command-r7b-12-2024',
  custom: 'demo-model',
};

export interface ChatCall {
  vendor: SimulatedVendor;
  model?: string;
  prompt?: string;
  stream?: boolean;
  key?: string;
  /** Merged into the vendor's body. */
  body?: JsonRecord;
  signal?: AbortSignal;
}

/** Sends one chat request in the vendor's own form. */
export function sendChat(simulator: Simulator, call: ChatCall): Promise<LooseResponse> {
  const { vendor, stream = false, key = 'sk-test-1234', prompt = 'Explain tides to a child' } = call;
  const model = call.model ?? TEST_MODELS[vendor];
  const base = simulator.baseUrls[vendor];
  const messages = [{ role: 'user', content: prompt }];
  const signal = call.signal === undefined ? {} : { signal: call.signal };
  const post = (url: string, headers: Record<string, string>, body: unknown): Promise<LooseResponse> =>
    fetchLoose(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      ...signal,
    });
  if (vendor === 'anthropic') {
    const body = { model, max_tokens: 4096, messages, ...(stream && { stream }), ...call.body };
    return post(`${base}/v1/messages`, { 'x-api-key': key, 'anthropic-version': '2023-06-01' }, body);
  }
  if (vendor === 'google') {
    const action = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
    const body = { contents: [{ role: 'user', parts: [{ text: prompt }] }], ...call.body };
    return post(`${base}/v1beta/models/${model}:${action}`, { 'x-goog-api-key': key }, body);
  }
  const body = { model, messages, ...(stream && { stream, stream_options: { include_usage: true } }), ...call.body };
  return post(`${base}/chat/completions`, { authorization: `Bearer ${key}` }, body);
}

export interface WireEvent {
  event: string | undefined;
  data: string;
}

export interface WireStream {
  events: WireEvent[];
  /** The connection broke before the message was complete. */
  broken: boolean;
}

/** Reads a stream to its end, or to where it breaks or falls silent for `silenceMs`. */
export async function readStream(response: LooseResponse, silenceMs = 10_000): Promise<WireStream> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  let broken = false;
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<'silent'>((resolve) => {
        timer = setTimeout(() => resolve('silent'), silenceMs);
      });
      const next = await Promise.race([reader.read(), silence]);
      clearTimeout(timer);
      if (next === 'silent') {
        await reader.cancel();
        broken = true;
        break;
      }
      if (next.done) break;
      text += decoder.decode(next.value, { stream: true });
    }
  } catch {
    broken = true;
  }
  const events = text
    .split(/\r?\n\r?\n/)
    .filter((block) => block.trim() !== '' && !block.startsWith(':'))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1]?.trim(),
      data: /^data: ?(.*)$/m.exec(block)?.[1]?.trim() ?? '',
    }));
  return { events, broken };
}

/** Parsed data of all events that are JSON. */
export function jsonOf(stream: WireStream): LooseJson[] {
  return stream.events.flatMap(({ data }) => {
    try {
      return [JSON.parse(data)];
    } catch {
      return [];
    }
  });
}

/** Text of a streamed answer, whichever vendor sent it. */
export function textOf(stream: WireStream): string {
  return jsonOf(stream)
    .map(
      (chunk) =>
        chunk.choices?.[0]?.delta?.content ??
        chunk.delta?.text ??
        chunk.candidates?.[0]?.content?.parts?.find((part: LooseJson) => part.thought !== true)?.text ??
        '',
    )
    .join('');
}

/** Whether the vendor's own sign of a complete answer was seen. */
export function isComplete(vendor: SimulatedVendor, stream: WireStream): boolean {
  if (vendor === 'anthropic') return stream.events.some(({ event }) => event === 'message_stop');
  if (vendor === 'google') return jsonOf(stream).some((chunk) => chunk.candidates?.[0]?.finishReason !== undefined);
  return stream.events.some(({ data }) => data === '[DONE]');
}

import OpenAI, { APIError } from 'openai';
import type { Answer, Entrance } from './behaviour.ts';

/** Where a server is and how to be let in. */
export interface Door {
  readonly url: string;
  readonly key: string;
}

export type Asked = Omit<Answer, 'atMs'>;

/** Asks `model` through one entrance with a client that does not retry by itself. Never throws for a failed answer. */
export async function askThrough(door: Door, entrance: Entrance, model: string, prompt: string): Promise<Asked> {
  const startMs = performance.now();
  const asked = await asking[entrance](door, model, prompt);
  return { ...asked, elapsedMs: Math.round(performance.now() - startMs) };
}

type Raw = Omit<Asked, 'elapsedMs'>;

const asking: Readonly<Record<Entrance, (door: Door, model: string, prompt: string) => Promise<Raw>>> = {
  v1: async (door, model, prompt) => {
    const messages = [{ role: 'user' as const, content: prompt }];
    try {
      const { data, response } = await clientOf(door).chat.completions.create({ model, messages }).withResponse();
      const [choice] = data.choices;
      const isWhole = choice?.finish_reason === 'stop';
      return {
        isWhole,
        text: choice?.message.content ?? '',
        modelId: decodeURI(response.headers.get('x-switchyard-model') ?? ''),
        outputTokens: data.usage?.completion_tokens,
        error: isWhole ? undefined : `finish reason ${choice?.finish_reason}`,
      };
    } catch (error) {
      return failed(error, '');
    }
  },
  'v1-stream': async (door, model, prompt) => {
    const messages = [{ role: 'user' as const, content: prompt }];
    let text = '';
    let finish: string | null = null;
    let outputTokens: number | undefined;
    try {
      const wanted = { model, messages, stream: true as const, stream_options: { include_usage: true } };
      const { data, response } = await clientOf(door).chat.completions.create(wanted).withResponse();
      let modelId = decodeURI(response.headers.get('x-switchyard-model') ?? '');
      for await (const chunk of data) {
        text += chunk.choices[0]?.delta.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
        outputTokens = chunk.usage?.completion_tokens ?? outputTokens;
        modelId = (chunk as { switchyard?: { model?: string } }).switchyard?.model ?? modelId;
      }
      const isWhole = finish === 'stop';
      return { isWhole, text, modelId, outputTokens, error: isWhole ? undefined : `finish reason ${finish}` };
    } catch (error) {
      return failed(error, text);
    }
  },
  graphql: async (door, model, prompt) => {
    const query = `mutation ($input: CompleteInput!) { complete(input: $input) {
      ... on CompleteSuccess { text modelId finishReason usage { outputTokens } }
      ... on UserError { code message }
      ... on ModelCallError { modelId partialText } } }`;
    const response = await fetch(`${door.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input: { model, prompt } } }),
    });
    const { data, errors } = (await response.json()) as GraphReply;
    const answer = data?.complete;
    if (answer?.text === undefined) {
      const error = answer?.message ?? errors?.[0]?.message ?? 'no answer';
      return {
        isWhole: false,
        text: answer?.partialText ?? '',
        modelId: answer?.modelId,
        outputTokens: undefined,
        error,
      };
    }
    const isWhole = answer.finishReason === 'STOP';
    const { text, modelId, usage } = answer;
    const error = isWhole ? undefined : `finish reason ${answer.finishReason}`;
    return { isWhole, text, modelId, outputTokens: usage?.outputTokens ?? undefined, error };
  },
};

interface GraphReply {
  readonly data?: {
    readonly complete?: {
      readonly text?: string;
      readonly modelId?: string;
      readonly finishReason?: string;
      readonly usage?: { readonly outputTokens: number | null };
      readonly message?: string;
      readonly partialText?: string;
    };
  };
  readonly errors?: readonly { readonly message: string }[];
}

function clientOf({ url, key }: Door): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, timeout: 120_000 });
}

function failed(error: unknown, text: string): Raw {
  const message = error instanceof APIError ? `${error.status ?? 'stream'}: ${error.message}` : String(error);
  return { isWhole: false, text, modelId: undefined, outputTokens: undefined, error: message };
}

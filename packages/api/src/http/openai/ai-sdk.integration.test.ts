import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embed, embedMany, generateText, isStepCount, jsonSchema, Output, streamText, tool } from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const prompt = 'Why is the sky blue?';
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

let server: TestServer;
let provider: ReturnType<typeof createOpenAICompatible>;
beforeAll(async () => {
  server = await startTestServer();
  provider = createOpenAICompatible({
    name: 'switchyard',
    baseURL: `${server.url}/v1`,
    apiKey: server.key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const upstream = () => server.simulator.control.requests().filter((request) => request.method === 'POST');
const weather = tool({
  description: 'The weather of a city',
  inputSchema: jsonSchema<{ city: string }>({
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  }),
  execute: async () => ({ celsius: 18 }),
});

describe.each(['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'])(
  'the Vercel AI SDK with %s',
  (id) => {
    const model = () => provider.chatModel(id);

    test('generates a text with usage and finish reason', async () => {
      const { text, usage, finishReason, warnings } = await generateText({ model: model(), prompt, maxRetries: 0 });
      expect(text.length).toBeGreaterThan(20);
      expect(finishReason).toBe('stop');
      expect(usage.inputTokens).toBeGreaterThan(3);
      expect(usage.outputTokens).toBeGreaterThan(3);
      expect(usage.totalTokens).toBe((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0));
      expect(warnings ?? []).toEqual([]);
    });

    test('streams the same text, with usage at the end', async () => {
      const whole = await generateText({ model: model(), prompt, maxRetries: 0 });
      const result = streamText({ model: model(), prompt, maxRetries: 0 });
      let streamed = '';
      let deltas = 0;
      for await (const delta of result.textStream) {
        streamed += delta;
        deltas += 1;
      }
      expect(streamed).toBe(whole.text);
      expect(deltas).toBeGreaterThan(1);
      expect((await result.usage).outputTokens).toBe(whole.usage.outputTokens);
      expect(await result.finishReason).toBe('stop');
    });

    test('calls a tool, takes its result and goes on to an answer', async () => {
      const { steps, text } = await generateText({
        model: model(),
        prompt: 'What is the weather in Paris?',
        tools: { get_weather: weather },
        stopWhen: isStepCount(2),
        prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'none' }),
        maxRetries: 0,
      });
      expect(steps[0]).toMatchObject({
        finishReason: 'tool-calls',
        toolCalls: [{ toolName: 'get_weather', input: { city: expect.any(String) } }],
        toolResults: [{ output: { celsius: 18 } }],
      });
      expect(steps).toHaveLength(2);
      expect(text.length).toBeGreaterThan(5);
      expect(JSON.stringify(upstream()[1]?.body)).toContain('celsius');
    });

    test('streams a tool call', async () => {
      const result = streamText({
        model: model(),
        prompt: 'What is the weather in Paris?',
        tools: { get_weather: weather },
        toolChoice: { type: 'tool', toolName: 'get_weather' },
        maxRetries: 0,
      });
      expect(await result.toolCalls).toMatchObject([{ toolName: 'get_weather', input: { city: expect.any(String) } }]);
      expect(await result.finishReason).toBe('tool-calls');
    });

    test('gets an object that fits a schema', async () => {
      const { output } = await generateText({
        model: model(),
        prompt: 'Rate the tides.',
        output: Output.object({
          schema: jsonSchema<{ title: string; score: number }>({
            type: 'object',
            properties: { title: { type: 'string' }, score: { type: 'integer' } },
            required: ['title', 'score'],
            additionalProperties: false,
          }),
        }),
        maxRetries: 0,
      });
      expect(output).toEqual({ title: expect.any(String), score: expect.any(Number) });
      expect(JSON.stringify(upstream()[0]?.body)).toContain('"score"');
    });

    test('sends an image', async () => {
      const { text } = await generateText({
        model: model(),
        maxRetries: 0,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'file', data: png, mediaType: 'image/png' },
            ],
          },
        ],
      });
      expect(text).not.toBe('');
      expect(JSON.stringify(upstream()[0]?.body)).toContain(png.toString('base64'));
    });

    test('surfaces what went wrong in the words of the vendor, and knows whether to try again', async () => {
      const failing = async (code: 'quota' | 'context-length') => {
        server.simulator.control.reset();
        server.simulator.control.addFault({ kind: 'error', code });
        return generateText({ model: model(), prompt, maxRetries: 0 }).catch((error: unknown) => error);
      };
      for (const [code, status, words] of [
        ['quota', 429, /quota|credit/i],
        ['context-length', 400, /tokens/],
      ] as const) {
        const error = await failing(code);
        expect(APICallError.isInstance(error)).toBe(true);
        expect(error).toMatchObject({ statusCode: status, message: expect.stringMatching(words) });
      }
      expect(upstream()).toHaveLength(1);
    });

    test('ends a stream that breaks for good with an error, never as complete', async () => {
      server.simulator.control.addFault({ kind: 'cut', afterTokens: 8 });
      const errors: unknown[] = [];
      const result = streamText({ model: model(), prompt, maxRetries: 0, onError: ({ error }) => errors.push(error) });
      const types: string[] = [];
      for await (const part of result.stream) types.push(part.type);
      expect(types).toContain('error');
      expect(errors).toHaveLength(1);
      expect(String((errors[0] as Error).message ?? errors[0])).toMatch(/broke off|ended|complete/i);
    });

    test('takes the upstream call with it when it is aborted', async () => {
      server.simulator.control.addFault({ kind: 'stall', afterTokens: 3 });
      const gone = new AbortController();
      const result = streamText({ model: model(), prompt, maxRetries: 0, abortSignal: gone.signal });
      const types: string[] = [];
      for await (const part of result.stream) {
        types.push(part.type);
        if (part.type === 'text-delta') gone.abort();
      }
      expect(types.at(-1)).toBe('abort');
      for (let turn = 0; turn < 400 && upstream()[0]?.outcome === 'open'; turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(upstream()[0]?.outcome).not.toBe('open');
    });
  },
);

describe('the Vercel AI SDK with vectors', () => {
  test.each(['openai/text-embedding-3-small', 'google/gemini-embedding-001'])('of %s', async (id) => {
    const model = provider.embeddingModel(id);
    const one = await embed({ model, value: 'tides', maxRetries: 0 });
    expect(one.embedding.length).toBeGreaterThan(1_000);
    expect(one.usage.tokens).toBeGreaterThan(0);
    const many = await embedMany({ model, values: ['tides', 'moon', 'tides'], maxRetries: 0 });
    expect(many.embeddings).toHaveLength(3);
    expect(many.embeddings[2]).toEqual(many.embeddings[0]);
    expect(many.embeddings[0]).toEqual(one.embedding);
  });
});

test('the Vercel AI SDK shows how a model thought', async () => {
  const { reasoningText, text } = await generateText({
    model: provider.chatModel('anthropic/claude-haiku-4-5'),
    prompt,
    providerOptions: { switchyard: { reasoningEffort: 'high' } },
    maxRetries: 0,
  });
  expect(reasoningText).toMatch(/./);
  expect(text).not.toBe('');
});

test('the Vercel AI SDK is told which model it named is unknown', async () => {
  const error = await generateText({ model: provider.chatModel('openai/nothing'), prompt, maxRetries: 0 }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ statusCode: 404, message: expect.stringContaining('nothing'), isRetryable: false });
});

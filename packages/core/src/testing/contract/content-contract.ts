import { expect, it } from 'vitest';
import type { ToolDefinition } from '../../spec/index.ts';
import { ask, readParts, summarise } from '../read-parts.ts';
import type { ContractSubject } from './contract-subject.ts';

const weather: ToolDefinition = {
  name: 'get_weather',
  description: 'The weather of a city.',
  inputSchema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};

const schema = {
  type: 'object',
  properties: { title: { type: 'string' }, score: { type: 'integer' } },
  required: ['title', 'score'],
  additionalProperties: false,
} as const;

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What goes in and what comes out. */
export function describeContent(subject: ContractSubject): void {
  const outcome = async (call: Parameters<typeof readParts>[1]) => summarise(await readParts(subject.adapter(), call));

  it('counts tokens: output at least the text, input at least the prompt', async () => {
    const { usage } = await outcome(ask(subject.model, 'Describe the tides.', { system: 'Be brief.' }));
    expect(usage?.inputTokens).toBeGreaterThan(3);
    expect(usage?.outputTokens).toBeGreaterThan(3);
  });

  it('leaves usage undefined that was not reported', async () => {
    subject.inject({ kind: 'missing-usage', vendor: subject.vendor });
    const { usage, isComplete } = await outcome(ask(subject.model, 'Describe the tides.'));
    expect(isComplete).toBe(true);
    expect(usage?.outputTokens).toBeUndefined();
  });

  it('takes the last of repeated usage reports', async () => {
    const call = ask(subject.model, 'Describe the tides.');
    const once = await outcome(call);
    subject.simulator().control.reset();
    subject.inject({ kind: 'usage-every-chunk', vendor: subject.vendor });
    expect((await outcome(call)).usage?.outputTokens).toBe(once.usage?.outputTokens);
  });

  it('carries on a conversation of several turns', async () => {
    const turns = await outcome({
      model: subject.model,
      system: 'Be brief.',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'What are tides?' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'The rise and fall of the sea.' }] },
        { role: 'user', content: [{ type: 'text', text: 'Why?' }] },
      ],
    });
    expect(turns.isComplete).toBe(true);
  });

  it('calls a tool and takes its answer', async () => {
    const tools = { tools: [weather], toolChoice: 'required' } as const;
    const first = await readParts(subject.adapter(), ask(subject.model, 'What is the weather in Paris?', tools));
    const { toolCalls, reason, isComplete } = summarise(first);
    expect(isComplete).toBe(true);
    expect(toolCalls.map(({ toolName }) => toolName)).toContain('get_weather');
    expect(JSON.parse(toolCalls[0]?.input ?? '')).toBeTypeOf('object');
    expect(reason?.unified).toBe('tool-calls');
    const calls = first.parts.filter((part) => part.type === 'tool-call');
    const second = await outcome({
      model: subject.model,
      tools: [weather],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'What is the weather in Paris?' }] },
        { role: 'assistant', content: calls },
        ...calls.map((call) => ({
          role: 'tool' as const,
          toolCallId: call.id,
          toolName: call.toolName,
          output: '18 degrees',
        })),
      ],
    });
    expect(second).toMatchObject({ isComplete: true, reason: { unified: 'stop' } });
  });

  it('gives JSON that fits a schema as plain text', async () => {
    const { text, isComplete, reason } = await outcome(
      ask(subject.model, 'Rate the tides as JSON.', { output: { type: 'json', schema, name: 'rating' } }),
    );
    expect(isComplete).toBe(true);
    expect(reason?.unified).toBe('stop');
    expect(JSON.parse(text)).toEqual({ title: expect.any(String), score: expect.any(Number) });
  });

  it('sends or refuses an image, but never drops it in silence', async () => {
    const withImage = (image: { type: 'image'; mediaType: string; dataBase64: string }) => ({
      model: subject.model,
      messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is this?' }, image] }],
    });
    const { isComplete, errorKind } = await outcome(
      withImage({ type: 'image', mediaType: 'image/png', dataBase64: pixel }),
    );
    expect(isComplete || errorKind === 'invalid-request').toBe(true);
    expect(JSON.stringify(subject.simulator().control.requests().at(-1)?.body)).toContain(pixel.slice(0, 40));
  });

  it('accepts every setting, with a warning for each it cannot send', async () => {
    const settings = {
      temperature: 1.5,
      topP: 0.9,
      topK: 20,
      seed: 7,
      frequencyPenalty: 0.5,
      presencePenalty: 0.5,
      stopSequences: ['###'],
      maxOutputTokens: 300,
      reasoningEffort: 'low',
    } as const;
    const result = await readParts(subject.adapter(), ask(subject.model, 'Describe the tides.', settings));
    expect(summarise(result)).toMatchObject({ errorKind: undefined, isComplete: true });
    const start = result.parts[0];
    const warned = start?.type === 'stream-start' ? start.warnings.map((warning) => warning.setting) : [];
    const sent = JSON.stringify(subject.simulator().control.requests().at(-1)?.body);
    const wireNames = {
      seed: 'seed',
      topK: /top_?k/i,
      frequencyPenalty: /frequency_?penalty/i,
      temperature: 'temperature',
    } as const;
    for (const [setting, wireName] of Object.entries(wireNames))
      expect({ setting, isTold: warned.includes(setting as 'seed') || sent.search(wireName) >= 0 }).toEqual({
        setting,
        isTold: true,
      });
  });

  it('merges provider options last', async () => {
    await readParts(
      subject.adapter(),
      ask(subject.model, 'Describe the tides.', { providerOptions: { user_tag_for_test: 'abc' } }),
    );
    expect(JSON.stringify(subject.simulator().control.requests().at(-1)?.body)).toContain('user_tag_for_test');
  });

  const { reasoningModel } = subject;
  if (reasoningModel === undefined) return;

  it('counts reasoning inside the output and keeps it apart from the text', async () => {
    const { usage, text, isComplete } = await outcome(
      ask(reasoningModel, 'Why do tides exist? Think.', { reasoningEffort: 'high', maxOutputTokens: 30_000 }),
    );
    expect(isComplete).toBe(true);
    expect(text).not.toBe('');
    if (usage?.reasoningTokens !== undefined) {
      expect(usage.reasoningTokens).toBeGreaterThan(0);
      expect(usage.outputTokens).toBeGreaterThan(usage.reasoningTokens);
    }
  });

  it('goes on reasoning after a tool call, with whatever the vendor wants back', async () => {
    const settings = { tools: [weather], reasoningEffort: 'high', maxOutputTokens: 30_000 } as const;
    const question = 'What is the weather in Paris? Use the tool get_weather.';
    const { parts } = await readParts(subject.adapter(), ask(reasoningModel, question, settings));
    const calls = parts.filter((part) => part.type === 'tool-call');
    // Not every vendor's model calls a tool that it is free not to call.
    const [call = { type: 'tool-call', id: 'call_1', toolName: 'get_weather', input: '{"city":"Paris"}' } as const] =
      calls;
    const messages = (again: typeof call) =>
      [
        { role: 'user', content: [{ type: 'text', text: question }] },
        { role: 'assistant', content: [again] },
        { role: 'tool', toolCallId: again.id, toolName: again.toolName, output: '18 degrees' },
      ] as const;
    const { vendorSignature, ...bare } = call;
    // With what the vendor gave, and without: from a client that lost it, or from another model.
    for (const again of [call, bare]) {
      const result = await outcome({ ...settings, model: reasoningModel, messages: messages(again) });
      expect(result).toMatchObject({ isComplete: true, errorKind: undefined });
      if (again === call && vendorSignature !== undefined) expect(result.warnings).toEqual([]);
    }
    if (subject.vendor === 'anthropic') expect(vendorSignature).toBeDefined();
  });

  it('survives an answer that is reasoning only', async () => {
    subject.inject({ kind: 'reasoning-only', vendor: subject.vendor });
    expect(
      await outcome(ask(reasoningModel, 'Why do tides exist?', { reasoningEffort: 'high', maxOutputTokens: 30_000 })),
    ).toMatchObject({ text: '', isComplete: true });
  });
}

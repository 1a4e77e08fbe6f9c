import { jsonFromSchema } from '../answers/json-from-schema.ts';
import { readPromptSubject } from '../answers/prompt-subject.ts';
import { asRecord, isRecord } from '../json-value.ts';
import { createOpaqueId, createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import type { SimulatedVendor } from '../vendors.ts';
import type { ToolCall } from './answer.ts';
import { type GenerationRequest, lastUserText, type ToolDefinition } from './generation-request.ts';

const ID_FORMS: Record<SimulatedVendor, { prefix: string; length: number }> = {
  openai: { prefix: 'call_', length: 24 },
  anthropic: { prefix: 'toolu_01', length: 22 },
  google: { prefix: '', length: 8 },
  ollama: { prefix: 'call_', length: 8 },
  huggingface: { prefix: 'call_', length: 24 },
  cohere: { prefix: 'get_', length: 12 },
  custom: { prefix: 'call_', length: 24 },
};

function wordsOf(text: string): Set<string> {
  return new Set(
    (
      text
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .match(/[a-z]{4,}/g) ?? []
    ).map((word) => word.replace(/s$/, '')),
  );
}

function matches(tool: ToolDefinition, promptWords: ReadonlySet<string>): boolean {
  const toolWords = wordsOf(
    `${tool.name.replaceAll('_', ' ')} ${tool.description} ${Object.keys(asRecord(tool.schema.properties)).join(' ')}`,
  );
  return [...toolWords].some((word) => promptWords.has(word));
}

/** The tools a model would call now: none after a tool answered, the named one when forced, else those that share words with the prompt. */
function chooseTools(request: GenerationRequest, prompt: string): ToolDefinition[] {
  const { tools, toolChoice } = request;
  if (tools.length === 0 || toolChoice.mode === 'none' || !request.model.tools) return [];
  if (toolChoice.name !== undefined) return tools.filter((tool) => tool.name === toolChoice.name);
  const answered = request.turns.at(-1)?.role === 'tool';
  const fitting = answered ? [] : tools.filter((tool) => matches(tool, wordsOf(prompt)));
  if (fitting.length === 0 && toolChoice.mode === 'required') return tools.slice(0, 1);
  return fitting;
}

/** Calls with arguments that satisfy each tool's schema; two calls of one tool when the prompt names two things. */
export function planToolCalls(
  request: GenerationRequest,
  seedParts: readonly (string | number)[],
  ids: SeededRandom,
): ToolCall[] {
  const prompt = lastUserText(request);
  let chosen = chooseTools(request, prompt);
  const [only] = chosen;
  if (chosen.length === 1 && only !== undefined && /\b(and|both|each)\b/i.test(prompt)) chosen = [only, only];
  if (!request.parallelTools) chosen = chosen.slice(0, 1);
  const subject = readPromptSubject(prompt);
  const names = [...prompt.matchAll(/(?<=[a-z,:]\s)\p{Lu}[\p{L}'-]+/gu)].map((match) => match[0]);
  const form = ID_FORMS[request.model.vendor];
  return chosen.map((tool, index) => {
    const random = createSeededRandom('tool', tool.name, index, ...seedParts, prompt);
    const value = jsonFromSchema({ type: 'object', ...tool.schema }, prompt, subject, random);
    const name = names[index];
    // The n-th call speaks about the n-th name in the prompt, so that parallel calls differ as they should.
    const input = isRecord(value) && name !== undefined ? withName(value, tool, name) : value;
    return { id: form.prefix + createOpaqueId(ids, form.length), name: tool.name, input: JSON.stringify(input) };
  });
}

function withName(value: Record<string, unknown>, tool: ToolDefinition, name: string): Record<string, unknown> {
  const properties = asRecord(tool.schema.properties);
  const target = Object.keys(value).find(
    (key) =>
      /city|location|place|country|name|person|author|company/i.test(key) &&
      asRecord(properties[key]).enum === undefined &&
      typeof value[key] === 'string',
  );
  return target === undefined ? value : { ...value, [target]: name };
}

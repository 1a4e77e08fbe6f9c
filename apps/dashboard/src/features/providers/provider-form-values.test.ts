import { describe, expect, it } from 'vitest';
import type { ProviderFieldsFragment } from '../../gql/providers.ts';
import {
  connectionInputOf,
  createInputOf,
  emptyProviderForm,
  freeSlug,
  isEndpointChanged,
  issuesByField,
  providerFormOf,
  updateInputOf,
  withType,
} from './provider-form-values.ts';

const none = new Set<string>();
const provider = {
  id: 'P',
  slug: 'openai-eu',
  type: 'OPENAI',
  displayName: 'OpenAI EU',
  baseUrl: 'https://eu.example.com/v1',
  hasKey: true,
  headerNames: ['x-tenant'],
  limits: { maxConcurrent: 4, maxQueued: null, queueMs: 700, requestsPerMinute: null, tokensPerMinute: null },
  retry: { maxAttempts: null, patienceMs: null, maxTotalWaitMs: 9 },
  deadlines: { firstTokenMs: 1000, idleMs: null, totalMs: null },
  configuredModels: [
    {
      vendorModelId: 'gpt-x',
      displayName: 'GPT X',
      capabilities: { vision: true, tools: false, json: true, reasoning: false },
      contextWindowTokens: 8000,
      maxOutputTokens: null,
    },
  ],
} as unknown as ProviderFieldsFragment;

describe('the form of a provider', () => {
  it('never sends a key that was not typed, so that the stored one stays', () => {
    const input = updateInputOf(providerFormOf(provider), provider);
    expect(input).not.toHaveProperty('apiKey');
    expect(input).not.toHaveProperty('headers');
    expect(connectionInputOf(providerFormOf(provider), provider)).not.toHaveProperty('apiKey');
  });

  it('removes the key only when that was asked for, and a typed key wins', () => {
    const form = providerFormOf(provider);
    expect(updateInputOf({ ...form, isKeyRemoved: true }, provider).apiKey).toBeNull();
    expect(updateInputOf({ ...form, isKeyRemoved: true, apiKey: ' new ' }, provider).apiKey).toBe('new');
  });

  it('keeps what it does not show', () => {
    const input = updateInputOf(providerFormOf(provider), provider);
    expect(input.limits).toMatchObject({ maxConcurrent: 4, queueMs: 700 });
    expect(input.retry).toMatchObject({ maxTotalWaitMs: 9 });
    expect(input.models).toEqual([
      expect.objectContaining({ vendorModelId: 'gpt-x', vision: true, contextWindowTokens: 8000 }),
    ]);
  });

  it('knows that another address drops the key, and that a slash at the end is no other address', () => {
    const form = providerFormOf(provider);
    expect(isEndpointChanged({ ...form, baseUrl: 'https://eu.example.com/v1/' }, provider)).toBe(false);
    expect(isEndpointChanged({ ...form, baseUrl: 'https://us.example.com/v1' }, provider)).toBe(true);
    expect(isEndpointChanged({ ...form, baseUrl: '' }, provider)).toBe(true);
  });

  it('proposes a free id and the address of the type, and leaves what was typed', () => {
    const taken = new Set(['openai', 'openai-2']);
    expect(freeSlug('openai', taken)).toBe('openai-3');
    const form = emptyProviderForm('OPENAI', taken);
    expect(withType(form, 'OLLAMA', taken)).toMatchObject({ slug: 'ollama', baseUrl: 'http://localhost:11434/v1' });
    const typed = { ...form, slug: 'mine', baseUrl: 'https://llm.example.com' };
    expect(withType(typed, 'CUSTOM', taken)).toMatchObject({ slug: 'mine', baseUrl: 'https://llm.example.com' });
  });

  it('leaves out what is empty when a provider is made', () => {
    expect(createInputOf(emptyProviderForm('OLLAMA', none), 'k')).toMatchObject({
      slug: 'ollama',
      displayName: null,
      apiKey: null,
      limits: { maxConcurrent: null },
    });
  });

  it('puts each issue of the server at its field, and keeps the others for the top', () => {
    const issues = [
      { path: ['input', 'limits', 'maxConcurrent'], message: 'too big' },
      { path: ['input', 'headers', '0', 'name'], message: 'no such' },
      { path: ['input', 'models', '3', 'vendorModelId'], message: 'empty' },
      { path: ['input'], message: 'too many' },
    ];
    expect(issuesByField(issues)).toEqual({
      fields: { 'limits.maxConcurrent': 'too big', 'headers.0.name': 'no such', models: 'empty' },
      rest: ['too many'],
    });
  });
});

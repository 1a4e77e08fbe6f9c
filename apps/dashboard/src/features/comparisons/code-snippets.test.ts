import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { snippetOf } from './code-snippets.ts';

const input = {
  prompt: "It's 5 o'clock",
  models: ['openai/a', 'google/b'],
  idempotencyKey: 'k',
  images: [{ mediaType: 'image/png', dataBase64: 'AAAA'.repeat(1000) }],
};

describe('snippetOf', () => {
  it('is valid against the committed schema', () => {
    const schema = buildSchema(
      readFileSync(fileURLToPath(new URL('../../../../../schema.graphql', import.meta.url)), 'utf8'),
    );
    const [mutation = '', rest = ''] = snippetOf('graphql', input, 'http://x').split('# variables');
    const subscription = rest.split('# then follow the answers')[1] ?? '';
    expect(validate(schema, parse(mutation))).toEqual([]);
    expect(validate(schema, parse(subscription))).toEqual([]);
  });

  it('carries no image bytes and no idempotency key, and survives quotes in a shell', () => {
    const text = snippetOf('curl', input, 'http://localhost:4400');
    expect(text).not.toContain('AAAA');
    expect(text).not.toContain('idempotencyKey');
    expect(text).toContain("It'\\''s 5 o'\\''clock");
  });

  it('speaks to the socket of the same origin', () => {
    expect(snippetOf('typescript', input, 'https://switchyard.example')).toContain(
      "url: 'wss://switchyard.example/graphql'",
    );
  });
});

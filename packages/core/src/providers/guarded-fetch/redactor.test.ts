import { describe, expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';

const key = 'sk-proj-Ab3dEf6hIj9kLm2nOp5q';

describe('createRedactor', () => {
  const redact = createRedactor([key, undefined, '']);

  it.each([
    `Incorrect API key provided: ${key}.`,
    `Incorrect API key provided: sk-proj-********************Op5q. You can find`,
    `Incorrect API key provided: sk-…Op5q`,
    `Incorrect API key provided: sk-pr...n5q Op5q... ${key.slice(4, 14)}`,
    `Bearer ${key}`,
    `url?key=${encodeURIComponent(key)}`,
    Buffer.from(key).toString('base64'),
    [...key].reverse().join(''),
    `half of it: ${key.slice(6, 20)}`,
    'another one: sk-ant-api03-abcdefghijklmnop',
    'and AIzaSyA1234567890abcdefghijklmnopqrstu',
  ])('removes the key from %j', (text) => {
    const clean = redact(text);
    expect(clean).toContain('[redacted]');
    for (let at = 0; at + 8 <= key.length; at += 1) expect(clean).not.toContain(key.slice(at, at + 8));
    if (text.includes('***') || text.includes('…')) expect(clean).not.toContain('Op5q');
    expect(clean).not.toMatch(/AIzaSy|sk-ant/);
  });

  it('leaves ordinary text alone', () => {
    const text =
      'Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000... Please try again in 6m0s. **Note**';
    expect(redact(text)).toBe(text);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration } from '@switchyard/core/provisioning';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../graphql/schema.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../../../docs/guardrails.md'), 'utf8');
const blocksOf = (language: string) =>
  [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text);

describe('the examples of docs/guardrails.md', () => {
  test.each(blocksOf('graphql'))('can be asked: %s', (text) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  });

  test.each(blocksOf('yaml'))('can be configured: %s', (text) => {
    const whole = text.startsWith('version') ? text : `version: 1\n${text}`;
    expect(readConfiguration(whole, { environment: {} }).problems).toEqual([]);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDefinitionText, writeDefinitionYaml } from './definition-text.ts';

test('a definition that is written as YAML or JSON reads back the same', () => {
  const maps = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true, maxKeys: 6 });
  fc.assert(
    fc.property(maps, (map) => {
      const value = JSON.parse(JSON.stringify(map)) as Record<string, unknown>;
      expect(readDefinitionText(JSON.stringify(value))).toEqual({ value });
      expect(readDefinitionText(writeDefinitionYaml(value))).toEqual({ value });
    }),
    { numRuns: 150 },
  );
});

test('what is no definition is told with its place, and nothing can blow it up', () => {
  expect(readDefinitionText('hypothesis: "open')).toEqual({ problem: expect.stringMatching(/^Line 1, column \d+: /) });
  expect(readDefinitionText('[1, 2]')).toEqual({ problem: expect.stringContaining('is a map') });
  expect(readDefinitionText('')).toHaveProperty('problem');
  expect(readDefinitionText('a: &x [1]\nb: *x')).toEqual({
    problem: expect.stringContaining('Aliases are not allowed'),
  });
  expect(readDefinitionText('a: 1\nb:\n  c: 1\n  c: 2')).toEqual({
    problem: 'Line 4, column 3: This name stands here twice.',
  });
  for (const bomb of ['[', '{a: ', '- ', '? ', 'a: '])
    expect(readDefinitionText(bomb.repeat(40_000))).toHaveProperty('problem');
  const many = Array.from({ length: 12_000 }, (_, index) => `k${index}: v`).join('\n');
  expect(readDefinitionText(many)).toHaveProperty('value');
  expect(readDefinitionText(' '.repeat(1_000_001))).toHaveProperty('problem');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => void readDefinitionText(text)),
    { numRuns: 200 },
  );
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyConfiguration } from './configuration.ts';
import { configurationJsonSchema } from './configuration-json-schema.ts';
import { configurationProblemCodes } from './problem-code.ts';
import { readConfiguration } from './read-configuration.ts';
import { configurationSections } from './sections.ts';

const docs = join(import.meta.dirname, '../../../../docs');
const example = readFileSync(join(docs, 'examples/switchyard.yaml'), 'utf8');
const guide = readFileSync(join(docs, 'configuration.md'), 'utf8');

type Schema = { readonly [key: string]: unknown };

/** Every property of the schema by the names that lead to it, with its own schema. */
function propertiesOf(schema: Schema, path: readonly string[] = []): [path: string, schema: Schema][] {
  const own = Object.entries((schema.properties ?? {}) as Record<string, Schema>).flatMap(
    ([name, property]): [string, Schema][] => [
      [[...path, name].join('.'), property],
      ...propertiesOf(property, [...path, name]),
    ],
  );
  const inner = [schema.items, schema.additionalProperties, ...((schema.anyOf ?? []) as unknown[])];
  return [
    ...own,
    ...inner.flatMap((part) => (typeof part === 'object' && part !== null ? propertiesOf(part as Schema, path) : [])),
  ];
}

describe('JSON Schema of the configuration', () => {
  test('docs/switchyard.schema.json is the schema of the code; renew it with: switchyard schema', () => {
    expect(JSON.parse(readFileSync(join(docs, 'switchyard.schema.json'), 'utf8'))).toEqual(configurationJsonSchema());
  });

  test('every field is described', () => {
    const bare = propertiesOf(configurationJsonSchema()).filter(([, schema]) => typeof schema.description !== 'string');
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  test('every section can be written to and is named in the guide and in the example', () => {
    for (const { key } of configurationSections) {
      expect(guide).toContain(`\`${key}\``);
      expect(example).toMatch(new RegExp(`^${key}:`, 'm'));
    }
  });

  test('every code of the catalogue is explained in the guide', () => {
    expect(configurationProblemCodes.filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
  });

  test('every field of the schema is named in the guide', () => {
    const names = new Set(propertiesOf(configurationJsonSchema()).map(([path]) => path.split('.').at(-1) ?? ''));
    // Features have dots in their names.
    const missing = [...names].filter((name) => !guide.includes(name));
    expect(missing).toEqual([]);
  });
});

describe('docs/examples/switchyard.yaml', () => {
  test('is free of problems when its variables are set', () => {
    const variables = [...example.matchAll(/\$\{(\w+)\}|env: (\w+)/g)].map((match) => match[1] ?? match[2] ?? '');
    const environment = {
      ...Object.fromEntries([...variables, 'OPENAI_API_KEY'].map((name) => [name, 'x'])),
      OPS_SLACK_WEBHOOK: 'https://hooks.slack.com/services/T0/B0/x',
      PAGER_WEBHOOK_URL: 'https://10.20.0.9/alerts',
      PAGER_WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}`,
    };
    const { configuration, problems } = readConfiguration(example, { environment });
    expect(problems).toEqual([]);
    expect(configuration?.providers.map(({ id }) => id)).toEqual(['openai', 'openai-eu', 'anthropic', 'in-house']);
    for (const key of Object.keys(emptyConfiguration)) {
      expect(configuration?.[key as keyof typeof emptyConfiguration], key).not.toEqual(
        emptyConfiguration[key as keyof typeof emptyConfiguration],
      );
    }
  });

  test('without its variables it is usable still, but for the header', () => {
    const { problems } = readConfiguration(example, { environment: { OPENAI_EU_ORGANIZATION: 'org' } });
    expect(problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      ...Array(3).fill('warning KEY_MISSING'),
      ...Array(3).fill('warning UNSET_VARIABLE'),
    ]);
  });
});

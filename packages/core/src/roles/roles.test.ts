import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  builtInRoles,
  indexRoles,
  mergeParameters,
  parseRoleReference,
  type RoleBook,
  resolveRole,
  roleReference,
  validateRoles,
  withBuiltInRoles,
} from './index.ts';

const book: RoleBook = {
  defaultRole: 'general',
  roles: withBuiltInRoles([
    { name: 'general', models: [{ model: 'openai/gpt-5-mini', parameters: { maxOutputTokens: 500 } }] },
    {
      name: 'coder',
      parameters: { temperature: 0.1 },
      models: [
        { model: 'anthropic/claude-sonnet-4-5', parameters: { reasoningEffort: 'high' } },
        { model: 'openai/gpt-5' },
      ],
    },
    { name: 'auditor', isStrict: true, models: [{ model: 'openai/gpt-5' }] },
  ]),
};

describe('resolving a role', () => {
  test('asks its own models in order, then those of the default role, each with the parameters that hold', () => {
    expect(resolveRole('coder', book)).toEqual({
      isResolved: true,
      role: {
        role: 'coder',
        models: [
          {
            model: 'anthropic/claude-sonnet-4-5',
            parameters: { temperature: 0.1, reasoningEffort: 'high' },
            source: 'role',
          },
          { model: 'openai/gpt-5', parameters: { temperature: 0.1 }, source: 'role' },
          {
            model: 'openai/gpt-5-mini',
            parameters: { temperature: 0.1, maxOutputTokens: 500 },
            source: 'default',
          },
        ],
      },
    });
  });

  test('lets the default role stand in for a built-in role that nobody assigned', () => {
    const answer = resolveRole('reviewer', book);
    expect(answer.isResolved && answer.role.models.map(({ model, source }) => [model, source])).toEqual([
      ['openai/gpt-5-mini', 'default'],
    ]);
  });

  test('never leaves the models of a strict role', () => {
    const answer = resolveRole('auditor', book);
    expect(answer.isResolved && answer.role.models.map(({ model }) => model)).toEqual(['openai/gpt-5']);
  });

  test('says why it cannot: no such role, or no model anywhere', () => {
    expect(resolveRole('codr', book)).toEqual({ isResolved: false, failure: 'unknown-role' });
    expect(resolveRole('coder', { roles: builtInRoles })).toEqual({ isResolved: false, failure: 'no-models' });
  });

  test('gives every model once and never an empty list, whatever the book', () => {
    const model = fc.constantFrom('a/1', 'a/2', 'b/1');
    const role = fc.record({
      name: fc.constantFrom('x', 'y', 'z'),
      models: fc.array(fc.record({ model }), { maxLength: 4 }),
      isStrict: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(role), fc.constantFrom('x', 'y', 'q'), (roles, defaultRole) => {
        for (const answer of indexRoles({ roles, defaultRole }).values()) {
          if (!answer.isResolved) continue;
          const names = answer.role.models.map((entry) => entry.model);
          expect(names.length).toBeGreaterThan(0);
          expect(new Set(names).size).toBe(names.length);
        }
      }),
    );
  });
});

test('role:coder is the form in which a role stands for a model', () => {
  expect(parseRoleReference('role:coder')).toBe('coder');
  expect(parseRoleReference('openai/gpt-5')).toBeUndefined();
  expect(roleReference('coder')).toBe('role:coder');
});

test('a more particular level of parameters wins name by name', () => {
  const merged = mergeParameters(
    { temperature: 1, topP: 0.5, providerOptions: { a: 1, b: 1 } },
    { temperature: 0, providerOptions: { b: 2 } },
    undefined,
  );
  expect(merged).toEqual({ temperature: 0, topP: 0.5, providerOptions: { a: 1, b: 2 } });
});

describe('validating roles', () => {
  const known = (model: string) => model.startsWith('openai/');

  test('reports everything at once, each with its path', () => {
    const problems = validateRoles(
      {
        defaultRole: 'nobody',
        roles: [
          { name: 'Coder', models: [{ model: 'openai/gpt-5' }, { model: 'openai/gpt-5' }] },
          { name: 'planner', models: [{ model: 'role:coder' }, { model: 'acme/one' }] },
          { name: 'planner', models: [] },
        ],
      },
      known,
    );
    expect(problems.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['UNKNOWN_DEFAULT', 'defaultRole'],
      ['INVALID_NAME', 'roles.0.name'],
      ['DUPLICATE_MODEL', 'roles.0.models.1.model'],
      ['NESTED_ROLE', 'roles.1.models.0.model'],
      ['UNKNOWN_MODEL', 'roles.1.models.1.model'],
      ['DUPLICATE_ROLE', 'roles.2.name'],
      ['NO_MODELS', 'roles.2.models'],
    ]);
    for (const { suggestion } of problems) expect(suggestion).not.toBe('');
  });

  test('finds nothing wrong with the built-in roles and a default that has a model', () => {
    const roles = withBuiltInRoles([{ name: 'general', models: [{ model: 'openai/gpt-5' }] }]);
    expect(validateRoles({ roles, defaultRole: 'general' }, known)).toEqual([]);
  });
});

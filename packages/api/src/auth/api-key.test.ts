import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeRefusedKey, generateApiKey, hashApiKey, isMistypedKey } from './api-key.ts';
import { describeAllowed, mayCallModel, mayUseRole, toKeyRules } from './api-key-rules.ts';

describe('a key that we make', () => {
  test('has a prefix, a checksum that fits, and is never the same twice', () => {
    const keys = Array.from({ length: 200 }, generateApiKey);
    for (const key of keys) {
      expect(key).toMatch(/^sk-sy-[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
      expect(isMistypedKey(key)).toBe(false);
    }
    expect(new Set(keys.map(hashApiKey)).size).toBe(keys.length);
  });

  test('is told from one with another character in any place', () => {
    const key = generateApiKey();
    const places = fc.integer({ min: 6, max: key.length - 1 });
    fc.assert(
      fc.property(places, fc.constantFrom(...'0aZ9kQ'), (place, character) => {
        fc.pre(key[place] !== character && key[place] !== '_');
        const typed = key.slice(0, place) + character + key.slice(place + 1);
        expect(isMistypedKey(typed)).toBe(true);
        expect(describeRefusedKey(typed)).toContain('mistyped');
      }),
    );
  });

  test('of another form is never called mistyped', () => {
    for (const key of ['sk-e2e-0123456789abcdef', 'sk-sy-my-own', `sk-sy-${'aB_-'.repeat(11)}`, '']) {
      expect(isMistypedKey(key), key).toBe(false);
      expect(describeRefusedKey(key)).not.toContain('mistyped');
    }
  });
});

describe('what a key may call', () => {
  const none = { requestsPerMinute: null, tokensPerMinute: null, defaultModel: null };
  const rulesOf = (allowedModels: unknown, allowedRoles: unknown = null, dataOrigin: string | null = null) =>
    toKeyRules({ id: 'k', ...none, allowedModels, allowedRoles, dataOrigin });
  const mini = { modelId: 'openai/gpt-4o-mini', origin: 'live' } as const;

  test('models by name and by provider, and never by the beginning of a name', () => {
    expect(mayCallModel(rulesOf(null), mini)).toBe(true);
    expect(mayCallModel(rulesOf(['openai/gpt-4o-mini']), mini)).toBe(true);
    expect(mayCallModel(rulesOf(['openai/*']), mini)).toBe(true);
    expect(mayCallModel(rulesOf(['open/*', 'openai/gpt-4o', '*/*', '*']), mini)).toBe(false);
    expect(mayCallModel(rulesOf([]), mini)).toBe(false);
  });

  test('what cannot be read allows nothing', () => {
    expect(mayCallModel(rulesOf({ broken: true }), mini)).toBe(false);
    expect(mayCallModel(rulesOf(null, null, 'WRONG'), { ...mini, origin: 'simulated' })).toBe(false);
  });

  test('live and simulated apart', () => {
    expect(mayCallModel(rulesOf(null, null, 'LIVE'), mini)).toBe(true);
    expect(mayCallModel(rulesOf(null, null, 'SIMULATED'), mini)).toBe(false);
    expect(mayCallModel(rulesOf(['openai/*'], null, 'SIMULATED'), { ...mini, origin: 'simulated' })).toBe(true);
  });

  test('roles alone, models alone, and both', () => {
    const both = rulesOf(['openai/*'], ['coder']);
    expect([mayUseRole(both, 'coder'), mayUseRole(both, 'critic'), mayUseRole(both, undefined)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(mayUseRole(rulesOf(null, ['coder']), undefined)).toBe(false);
    expect(mayUseRole(rulesOf(['openai/*']), 'critic')).toBe(true);
    expect(describeAllowed(both)).toBe('This API key may call models: openai/*; roles: role:coder.');
  });
});

import { describe, expect, test } from 'vitest';
import { areas, gives, scopesInWords, withScope } from './scope-words.ts';

describe('what a key may do', () => {
  test('is said in words, by level and area', () => {
    expect(scopesInWords(['READ', 'RUN', 'MANAGE'])).toBe('Everything');
    expect(scopesInWords(['READ', 'RUN_WORK'])).toBe('Reads everything; runs prompts and workflows');
    expect(scopesInWords(['READ_REPORTS', 'READ_HEALTH'])).toBe('Reads health and alerts, reports');
    expect(scopesInWords([])).toBe('Nothing');
  });

  test('loses one area only when one box is taken away from a level that was given everywhere', () => {
    const scopes = withScope(['READ', 'RUN'], 'RUN', 'TEAM', false);
    expect(gives(scopes, 'RUN', 'TEAM')).toBe(false);
    for (const { value } of areas.filter((area) => area.value !== 'TEAM'))
      expect(gives(scopes, 'RUN', value)).toBe(true);
    expect(gives(scopes, 'READ', 'TEAM')).toBe(true);
  });
});

import { expect, it } from 'vitest';
import { keyState } from './key-state.ts';

const now = Date.parse('2026-06-01T00:00:00Z');

it.each([
  [{ revokedAt: null, expiresAt: null }, 'Active', true],
  [{ revokedAt: null, expiresAt: '2026-06-03T00:00:00Z' }, 'Ends soon', true],
  [{ revokedAt: null, expiresAt: '2026-05-31T00:00:00Z' }, 'Expired', false],
  [{ revokedAt: '2026-05-01T00:00:00Z', expiresAt: null }, 'Revoked', false],
])('%j is %s', (key, word, isUsable) => expect(keyState(key, now)).toMatchObject({ word, isUsable }));

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CredentialVault, SealError, type SealPlace } from './credential-vault.ts';

const vault = new CredentialVault('a secret of this installation, long enough');
const place: SealPlace = { teamId: 'team_1', rowId: 'prv_1', origin: 'https://api.example.com', purpose: 'api-key' };
const wellFormed = fc.string({ unit: 'grapheme' });

describe('a sealed credential', () => {
  test('opens to what was sealed, and does not show it', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const sealed = vault.seal(text, place);
        expect(vault.unseal(sealed, place)).toBe(text);
        if (text.length > 8) expect(sealed).not.toContain(text);
        expect(vault.seal(text, place)).not.toBe(sealed);
      }),
    );
  });

  test('does not open once any character of it is changed', () => {
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=/ ';
    fc.assert(
      fc.property(wellFormed, fc.nat(), fc.nat(), (text, at, by) => {
        const sealed = vault.seal(text, place);
        const position = at % sealed.length;
        const other = characters[by % characters.length] ?? '';
        fc.pre(sealed[position] !== other);
        const changed = sealed.slice(0, position) + other + sealed.slice(position + 1);
        expect(() => vault.unseal(changed, place)).toThrow(SealError);
      }),
      { numRuns: 500 },
    );
  });

  test('does not open cut short or lengthened', () => {
    const sealed = vault.seal('sk-live', place);
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => vault.unseal(sealed.slice(0, length), place)).toThrow(SealError);
    expect(() => vault.unseal(`${sealed}A`, place)).toThrow(SealError);
  });

  test.each<Partial<SealPlace>>([
    { teamId: 'team_2' },
    { rowId: 'prv_2' },
    { origin: 'https://api.example.com:8443' },
    { origin: 'https://evil.example' },
    { purpose: 'headers' },
  ])('does not open elsewhere: %o', (other) => {
    const sealed = vault.seal('sk-live', place);
    expect(() => vault.unseal(sealed, { ...place, ...other })).toThrow(SealError);
  });

  test('parts of the place cannot be shifted into each other', () => {
    const sealed = vault.seal('sk-live', { ...place, teamId: 'a","b', rowId: 'c' });
    expect(() => vault.unseal(sealed, { ...place, teamId: 'a', rowId: 'b","c' })).toThrow(SealError);
  });

  test('under another secret the error names SWITCHYARD_SECRET', () => {
    const sealed = vault.seal('sk-live', place);
    const other = new CredentialVault('another secret of this installation, long');
    expect(() => other.unseal(sealed, place)).toThrow(/SWITCHYARD_SECRET/);
  });
});

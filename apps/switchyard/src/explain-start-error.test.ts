import { describe, expect, it } from 'vitest';
import { explainStartError } from './explain-start-error.ts';
import { StartError } from './start-error.ts';

const settings = { host: '127.0.0.1', port: 4400 };
const settingsError = (problems: readonly string[]) =>
  Object.assign(new Error('settings'), { name: 'SettingsError', problems });
const systemError = (code: string, syscall: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe('explainStartError', () => {
  it.each([
    [systemError('EADDRINUSE', 'listen'), /^Port 4400 is used by another program: .*PORT=4401 npm start\.$/],
    [systemError('EACCES', 'listen'), /^Port 4400 may not be opened/],
    [systemError('EADDRNOTAVAIL', 'listen'), /^HOST=127\.0\.0\.1 is no address of this machine/],
    [systemError('ENOSPC', 'write'), /^The disk is full/],
    [new StartError('Already running.'), /^Already running\.$/],
    [new Error('The database was migrated by a newer Switchyard.'), /newer Switchyard/],
    [
      settingsError(['PORT is wrong.', 'HOST is wrong.']),
      /cannot be used:\n {2}- PORT is wrong\.\n {2}- HOST is wrong\.$/,
    ],
  ])('%s', (error, sentence) => expect(explainStartError(error, settings)).toMatch(sentence));

  it('names the database without its password', () => {
    const databaseUrl = 'postgresql://user:secret@db.example.com:5432/main';
    for (const error of [
      systemError('ECONNREFUSED', 'connect'),
      Object.assign(new Error('no password'), { code: '28P01' }),
    ]) {
      const text = explainStartError(error, { ...settings, databaseUrl });
      expect(text).toMatch(/^The database at db\.example\.com:5432 cannot be used \(.*\): check DATABASE_URL/);
      expect(text).not.toContain('secret');
    }
  });

  it('keeps the stack of a defect', () => {
    expect(explainStartError(new TypeError('x is not a function'), settings)).toBeUndefined();
    expect(explainStartError(systemError('EBADF', 'read'), settings)).toBeUndefined();
  });
});

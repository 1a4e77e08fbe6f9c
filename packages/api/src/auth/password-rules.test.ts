import { expect, test } from 'vitest';
import { findPasswordProblem } from './password-rules.ts';

const person = { name: 'Zdenka Vrbatova', email: 'zdenka.vrbatova@example.com' };

test.each([
  ['short', /at least 8/],
  ['x'.repeat(129), /at most 128/],
  ['password', /tried first/],
  ['Password1!', /tried first/],
  ['qwertyuiop', /tried first/],
  ['12345678', /row|tried first/],
  ['aaaaaaaaaaaa', /repeats/],
  ['vrbatova99', /your name/],
  ['switchyard', /your name/],
  ['zdenka.vrbatova@example.com', /your name/],
])('%s is refused with the reason', async (password, reason) => {
  expect(await findPasswordProblem(password, person)).toMatch(reason);
});

test.each(['correct horse battery', 'plain words of a river', 'zq7#kd0w', '日本語のパスワード', 'x9x9x9Kq2!vv'])(
  '%s is taken: no rule of composition',
  async (password) => {
    expect(await findPasswordProblem(password, person)).toBeUndefined();
  },
);

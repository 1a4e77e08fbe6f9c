import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRunArguments } from './run-arguments.ts';
import { readRunInputs } from './run-inputs.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-inputs-'));
  writeFileSync(join(folder, 'inputs.yaml'), 'ticket: It burns.\nrows: [1, 2]\n');
  writeFileSync(join(folder, 'broken.yaml'), 'ticket: "It burns\n');
  writeFileSync(join(folder, 'letter.txt'), 'Dear all\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the arguments of run', () => {
  it('are read in any order, with = or a space', () => {
    const read = parseRunArguments([
      '--set',
      'a=b=c',
      'workflow:w',
      '--json',
      '--tag=x',
      '--tag',
      'y',
      '--version=0',
      '--user',
      'anna',
      '--session=s1',
    ]);
    expect(read).toMatchObject({
      workflow: 'w',
      sets: [{ name: 'a', text: 'b=c' }],
      tags: ['x', 'y'],
      version: 0,
      user: 'anna',
      session: 's1',
      isJson: true,
      isDetached: false,
    });
  });

  it.each([
    [[], 'Name the workflow'],
    [['a', 'b'], '"b" is one too many'],
    [['a', '--input'], 'Give a value after --input'],
    [['a', '--input', 'x', '--input', 'y'], 'Give --input once'],
    [['a', '--user', 'x', '--user', 'y'], 'Give --user once'],
    [['a', '--set', 'novalue'], 'NAME=VALUE'],
    [['a', '--version', 'two'], '0 is the draft'],
    [['a', '--wath'], '"--wath" is no option'],
    [['a', '--json=yes'], '"--json=yes" is no option'],
  ])('say what is wrong with %j', (args, problem) => {
    expect(parseRunArguments(args)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

describe('the inputs of run', () => {
  const read = (sets: readonly string[], inputFile?: string, declared?: Readonly<Record<string, string>>) => {
    const parsed = parseRunArguments(['w', ...sets.flatMap((set) => ['--set', set])]);
    if ('problem' in parsed) throw new Error(parsed.problem);
    return readRunInputs({ inputFile, sets: parsed.sets }, declared, folder, () => '{"from": "stdin"}');
  };

  it('come from the file, and what is set wins', () => {
    expect(read(['ticket=No.'], 'inputs.yaml')).toEqual({ inputs: { ticket: 'No.', rows: [1, 2] } });
    expect(read([], '-')).toEqual({ inputs: { from: 'stdin' } });
  });

  it('are read as the workflow declares them', () => {
    const declared = { text: 'string', count: 'number', letter: 'file' };
    expect(read(['text=42', 'count=42', 'letter=@letter.txt'], undefined, declared)).toEqual({
      inputs: { text: '42', count: 42, letter: 'Dear all\n' },
    });
    expect(read(['count=many'], undefined, declared)).toEqual({
      problem: 'The input "count" is a number: give JSON, such as --set count=3',
    });
  });

  it('are JSON where they can be when nothing is declared', () => {
    expect(read(['a=1', 'b=one'])).toEqual({ inputs: { a: 1, b: 'one' } });
  });

  it('name the place of what cannot be read', () => {
    expect(read([], 'broken.yaml')).toEqual({ problem: expect.stringMatching(/^broken\.yaml:\d+:\d+ /) });
    expect(read([], 'missing.yaml')).toEqual({ problem: 'There is no such file: missing.yaml' });
    expect(read(['a=@missing.txt'])).toEqual({ problem: 'There is no such file: missing.txt' });
  });
});

import { expect, test } from 'vitest';
import { colourless } from './palette.ts';
import { renderReport } from './rehearse.ts';
import { parseRehearseArguments } from './rehearse-arguments.ts';

test('the provider is that of the model unless it is named', () => {
  expect(parseRehearseArguments(['openai/gpt-5-mini', '--fallback', 'a/x', '--fallback=b/y', '--json'])).toEqual({
    ...{ provider: 'openai', model: 'openai/gpt-5-mini', fallbacks: ['a/x', 'b/y'], fault: 'outage' },
    ...{ calls: undefined, isJson: true, server: undefined, key: undefined },
  });
  expect(parseRehearseArguments(['smart', '--provider', 'openai'])).toMatchObject({
    provider: 'openai',
    model: 'smart',
  });
});

test.each([
  [[], 'Name what the calls ask for'],
  [['smart'], 'Say which provider'],
  [['a/x', 'b/y'], 'one too many'],
  [['a/x', '--fault', 'fire'], 'Give --fault as one of'],
  [['a/x', '--calls', 'many'], 'Give --calls as a number'],
  [['a/x', '--what'], 'is no option'],
  [['a/x', '--key'], 'Give a value after --key'],
])('%j is wrong use', (args, problem) => {
  const read = parseRehearseArguments(args);
  expect('problem' in read && read.problem).toContain(problem);
});

test('the report tells every promise, what was lost and what it cost', () => {
  const checks = [
    { name: 'Recovery', target: 'within 30 s', measured: '4 ms', isMet: true },
    { name: 'Calls without an answer', target: 'none', measured: '2', isMet: false },
    { name: 'Alerts', target: 'one', measured: 'not measured', isMet: null },
  ];
  const money = { normalUsd: '0.1', extraUsd: '0.02', wastedUsd: '0' };
  const report = { checks, ...money, callsMade: 9, callsRescued: 5, callsLost: 2, errors: ['No answer.\u001b[31m'] };
  expect(renderReport({ state: 'CANCELLED', failure: null, report }, colourless)).toEqual([
    'The rehearsal is cancelled.',
    '✔ Recovery                 4 ms (within 30 s)',
    '✘ Calls without an answer  2 (none)',
    '? Alerts                   not measured (one)',
    '9 calls: 5 rescued, 2 lost.',
    'Cost: 0.1 USD as usual, 0.02 USD above it, 0 USD for nothing.',
    expect.not.stringContaining('\u001b'),
  ]);
});

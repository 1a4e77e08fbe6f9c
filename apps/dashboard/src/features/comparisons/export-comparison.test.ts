import { describe, expect, it } from 'vitest';
import { emptiedLane, type LaneRecord } from './comparison-record.ts';
import { exportComparison, exportFileName } from './export-comparison.ts';

const parameters = {
  __typename: 'GenerationParameters' as const,
  maxOutputTokens: null,
  temperature: null,
  topP: null,
  stopSequences: null,
  seed: null,
  reasoningEffort: null,
};
const comparison = {
  id: 'c',
  title: 'A | title',
  prompt: 'Say ```x```',
  systemPrompt: null,
  parameters,
  createdAt: '2026-01-01T00:00:00Z',
  bestLaneId: 'a',
  notes: 'N',
  origin: 'SIMULATED' as const,
  totalCostUsd: null,
};
const lane = {
  ...emptiedLane(
    { id: 'a', modelId: 'openai/x', position: 0, origin: 'SIMULATED' } as unknown as LaneRecord,
    'COMPLETED',
    1,
  ),
  output: '=1+1, "quoted"\nline',
};
const rows = [{ lane, rating: 4 }];

describe('exportComparison', () => {
  it('writes CSV that quotes, keeps line breaks and disarms formulas', () => {
    const [head, ...rest] = exportComparison('csv', comparison, rows).split('\r\n');
    expect(head?.startsWith('position,model')).toBe(true);
    expect(rest.join('\r\n')).toContain(`"'=1+1, ""quoted""\nline"`);
  });

  it('writes JSON without client marks, with unknown as null', () => {
    const text = exportComparison('json', comparison, rows);
    expect(text).not.toContain('__typename');
    expect(JSON.parse(text).lanes[0]).toMatchObject({ costUsd: null, isBest: true, rating: 4, output: lane.output });
  });

  it('writes Markdown whose fences are longer than those in the prompt', () => {
    expect(exportComparison('markdown', comparison, rows)).toContain('````text\nSay ```x```\n````');
  });

  it('names the file after the title', () => {
    expect(exportFileName('markdown', 'Hello, World!')).toBe('hello-world.md');
    expect(exportFileName('csv', '???')).toBe('comparison.csv');
  });
});

import { describe, expect, it } from 'vitest';
import { drawStartBox, type StartBoxContent } from './start-box.ts';

const content: StartBoxContent = {
  url: 'http://localhost:4400',
  dataFolder: '/srv/switchyard',
  database: 'embedded Postgres in the data folder',
  providers: [
    { displayName: 'OpenAI', origin: 'SIMULATED', state: 'READY' },
    {
      displayName: 'Google Gemini',
      origin: 'LIVE',
      state: 'KEY_REJECTED',
      message:
        'API key not valid. Please pass a valid API key. Get one at https://aistudio.google.com/apikey and start again.',
    },
  ],
  hints: ['Open http://localhost:4400 to create the owner.', ''],
  startedInSeconds: 2.34,
};

describe('drawStartBox', () => {
  it('shows addresses, providers, hints and how to stop', () => {
    const box = drawStartBox(content);
    expect(box).toContain('Switchyard is ready (2.3 s)');
    expect(box).toContain('GraphQL      http://localhost:4400/graphql');
    expect(box).toContain('OpenAI         simulated, ready');
    expect(box).toContain('Google Gemini  live, key rejected: API key not valid.');
    expect(box).toContain('Stop         Ctrl-C');
  });

  it('is a rectangle, however long a message is', () => {
    const lines = drawStartBox(content).split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[0]?.length).toBeLessThanOrEqual(90);
  });

  it('grows rather than breaks an address', () => {
    const dataFolder = `/${'folder/'.repeat(20)}`;
    const lines = drawStartBox({ ...content, dataFolder }).split('\n');
    expect(lines.some((line) => line.includes(dataFolder))).toBe(true);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  it('says what to do when there is no provider', () => {
    expect(drawStartBox({ ...content, providers: [] })).toContain('none: set a key');
  });
});

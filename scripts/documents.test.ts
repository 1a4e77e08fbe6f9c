import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Architecture } from './arrows/architecture.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const architecture: Architecture = JSON.parse(read('architecture.json'));
const sectionOf = (text: string, heading: string) => text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
const codeWords = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('docs/architecture.md agrees with architecture.json', () => {
  const text = read('docs/architecture.md');

  it('on packages and what they import', () => {
    const documented = Object.fromEntries(
      rowsOf(sectionOf(text, 'Shape'))
        .filter(([place]) => place?.startsWith('`'))
        .map(([place, imports]) => [codeWords(place ?? '')[0], codeWords(imports ?? '')]),
    );
    const edges = Object.fromEntries(
      Object.entries(architecture.packages).map(([folder, { imports }]) => [folder, imports]),
    );
    expect(documented).toEqual(edges);
  });

  it('on the rows of core', () => {
    const documented = rowsOf(sectionOf(text, 'Rows of'))
      .filter(([row]) => /^\d+$/.test(row ?? ''))
      .map(([, modules]) => codeWords(modules ?? ''));
    expect(documented).toEqual(architecture.core.rows);
  });

  it('on what is not built yet', () => {
    const { sources, rows } = architecture.core;
    const missing = rows.flat().filter((module) => !existsSync(join(root, sources, module)));
    const documented = /^Not built yet: (.*)\. Their/m.exec(text)?.[1] ?? '';
    expect(codeWords(documented)).toEqual(missing);
  });
});

describe('settings', () => {
  const documents = read('docs/quick-start.md') + read('docs/provider-setup.md');

  it('are all documented', () => {
    const profiles = join('packages/core/src/providers/profiles');
    const sources = [
      read('packages/api/src/env.ts'),
      ...readdirSync(join(root, profiles)).map((name) => read(join(profiles, name))),
      read('apps/switchyard/src/start.ts'),
    ].join('\n');
    const names = new Set(
      [...sources.matchAll(/(?:'|environment\.)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|HOST)\b(?!\.)/g)].map(
        ([, name]) => name,
      ),
    );
    expect(names.size).toBeGreaterThan(20);
    expect([...names].filter((name) => !documents.includes(`\`${name}`))).toEqual([]);
  });
});

describe('links', () => {
  const pages = ['README.md', 'AGENTS.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];

  it.each(pages.filter((name) => name.endsWith('.md')))('of %s lead to files that exist', (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const missing = targets.filter((target) => target !== '' && !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });
});

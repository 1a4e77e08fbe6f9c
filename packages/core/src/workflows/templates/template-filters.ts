import type { Liquid } from 'liquidjs';
import { estimateTokens } from '../../catalog/index.ts';

const mark = '…';

/** Filters of our own, for prompts. */
export function registerFilters(engine: Liquid): void {
  engine.registerFilter('json', (value: unknown, indent: unknown) =>
    JSON.stringify(value ?? null, null, Math.min(8, toCount(indent, 0))),
  );
  engine.registerFilter('truncate_tokens', (value: unknown, most: unknown) =>
    truncateTokens(toText(value), toCount(most, 1_000)),
  );
  engine.registerFilter('count_tokens', (value: unknown) => estimateTokens(toText(value)));
  engine.registerFilter('bullets', (value: unknown) =>
    (Array.isArray(value) ? value : [value]).map((entry) => `- ${toText(entry)}`).join('\n'),
  );
  engine.registerFilter('numbered', (value: unknown) =>
    (Array.isArray(value) ? value : [value]).map((entry, index) => `${index + 1}. ${toText(entry)}`).join('\n'),
  );
  engine.registerFilter('indent', (value: unknown, width: unknown) => {
    const space = ' '.repeat(Math.min(40, toCount(width, 2)));
    return toText(value).replace(/^(?=.)/gm, space);
  });
  engine.registerFilter('fence', (value: unknown, language: unknown) => {
    const text = toText(value);
    const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${typeof language === 'string' ? language : ''}\n${text}\n${fence}`;
  });
}

/** The longest beginning of `text` that is about `most` tokens, cut between characters, with a mark when cut. */
function truncateTokens(text: string, most: number): string {
  if (estimateTokens(text) <= most) return text;
  let low = 0;
  let high = Math.min(text.length, most * 12);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(text.slice(0, middle)) <= most) low = middle;
    else high = middle - 1;
  }
  return `${text
    .slice(0, low)
    .toWellFormed()
    .replace(/\ufffd$/, '')}${mark}`;
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toCount(value: unknown, fallback: number): number {
  const count = Number(value ?? fallback);
  return Number.isFinite(count) && count >= 0 ? Math.floor(count) : fallback;
}

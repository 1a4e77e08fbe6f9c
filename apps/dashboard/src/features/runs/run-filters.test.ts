import { describe, expect, it } from 'vitest';
import { addressOf, filterInput, filtersOf, isFiltered } from './run-filters.ts';

const nowMs = Date.UTC(2026, 0, 8, 12, 0, 30);

describe('filtersOf', () => {
  it('reads back the address that it makes', () => {
    const filters = filtersOf(
      new URLSearchParams('state=FAILED&workflow=code-with-review&days=7&had=failover&tag=night'),
    );
    expect(filtersOf(new URLSearchParams(addressOf(filters)))).toEqual(filters);
    expect(isFiltered(filters)).toBe(true);
  });

  it('leaves out what means nothing, so that an address made by hand never breaks the page', () => {
    const filters = filtersOf(new URLSearchParams('state=NONSENSE&source=hack&days=-3&had=x'));
    expect(isFiltered(filters)).toBe(false);
    expect(filterInput(filters, nowMs)).toEqual({});
  });
});

describe('filterInput', () => {
  it('asks for everything that is not over with one word', () => {
    expect(filterInput(filtersOf(new URLSearchParams('state=open')), nowMs).states).toContain('WAITING');
  });

  it('begins a span at a full minute, so that the same list is asked for while it is looked at', () => {
    const filters = filtersOf(new URLSearchParams('days=7'));
    expect(filterInput(filters, nowMs).startedAfter).toBe('2026-01-01T12:00:00.000Z');
    expect(filterInput(filters, nowMs + 20_000)).toEqual(filterInput(filters, nowMs));
  });

  it('shows tries of single steps only when they are asked for', () => {
    expect(filterInput(filtersOf(new URLSearchParams('source=PREVIEW')), nowMs)).toEqual({
      sources: ['PREVIEW'],
      withPreviews: true,
    });
  });
});

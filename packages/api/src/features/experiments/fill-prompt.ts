/** What a prompt may name of an item. */
export interface PromptItem {
  readonly input: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const place = /\{\{([^{}]{0,300})\}\}/g;

/** Names in `{{ … }}` that mean nothing: only `input` and `fields.<column>` do. */
export function unknownPlaces(template: string): readonly string[] {
  return [...template.matchAll(place)]
    .map(([, name = '']) => name.trim())
    .filter((name) => name !== 'input' && !/^fields\..+$/.test(name));
}

/**
 * Puts an item into a prompt. No language, so nothing that an author writes can loop: each `{{ input }}` and
 * `{{ fields.column }}` becomes the text of the item, once, and what stands in that text stays text.
 */
export function fillPrompt(template: string, { input, fields }: PromptItem): string {
  return template.replace(place, (whole, inner: string) => {
    const name = inner.trim();
    if (name === 'input') return input;
    if (!name.startsWith('fields.')) return whole;
    const key = name.slice('fields.'.length);
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  });
}

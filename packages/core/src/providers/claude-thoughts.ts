import { arrayAt, isRecord, parseJson, stringAt } from './json-shape.ts';

/**
 * What Claude wants back with the tool calls it thought about (`vendorSignature` of the first call): its thinking blocks,
 * each signed. Without them it refuses to go on thinking. The mark keeps other vendors' adapters from sending them on.
 */
const mark = 'claude-thoughts:';

/** A block as the API gave it and takes it back. */
export type ClaudeThought =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

export function encodeClaudeThoughts(thoughts: readonly ClaudeThought[]): string {
  return mark + Buffer.from(JSON.stringify({ thoughts })).toString('base64');
}

export function isClaudeThoughts(vendorSignature: string | undefined): boolean {
  return vendorSignature?.startsWith(mark) ?? false;
}

/** The blocks in a `vendorSignature`; none when it is another vendor's or was tampered with. */
export function decodeClaudeThoughts(vendorSignature: string | undefined): readonly ClaudeThought[] {
  if (vendorSignature === undefined || !isClaudeThoughts(vendorSignature)) return [];
  const written = parseJson(Buffer.from(vendorSignature.slice(mark.length), 'base64').toString('utf8'));
  return arrayAt(written, 'thoughts').flatMap((block): ClaudeThought[] => {
    if (!isRecord(block)) return [];
    const [thinking, signature, data] = ['thinking', 'signature', 'data'].map((key) => stringAt(block, key));
    if (block.type === 'thinking' && thinking !== undefined && signature)
      return [{ type: 'thinking', thinking, signature }];
    return block.type === 'redacted_thinking' && data ? [{ type: 'redacted_thinking', data }] : [];
  });
}

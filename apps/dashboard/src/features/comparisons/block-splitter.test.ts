import { describe, expect, it } from 'vitest';
import { growBlocks, noBlocks } from './block-splitter.ts';

const text = `# Title

First *paragraph* with words.

1. one

2. two
   still two

\`\`\`ts
const a = 1;

const b = 2;
\`\`\`

| a | b |
| - | - |
| 1 | 2 |

Last.`;

describe('growBlocks', () => {
  it('ends with the same blocks whether the text came at once or letter by letter', () => {
    const atOnce = growBlocks(noBlocks, text);
    let grown = noBlocks;
    for (let length = 1; length <= text.length; length += 1) grown = growBlocks(grown, text.slice(0, length));
    expect([...grown.settled, grown.tail].map((block) => block.trim())).toEqual(
      [...atOnce.settled, atOnce.tail].map((block) => block.trim()),
    );
  });

  it('keeps a list and a code block with empty lines in one block', () => {
    const { settled } = growBlocks(noBlocks, text);
    expect(settled.some((block) => block.includes('1. one') && block.includes('2. two'))).toBe(true);
    expect(settled.some((block) => block.includes('const a') && block.includes('const b'))).toBe(true);
  });

  it('never loses a character', () => {
    let grown = noBlocks;
    for (let length = 1; length <= text.length; length += 7) {
      grown = growBlocks(grown, text.slice(0, length));
      expect(text.slice(0, length).slice(grown.settledLength)).toBe(grown.tail);
    }
  });

  it('leaves settled blocks the same strings, so that they are not drawn again', () => {
    const first = growBlocks(noBlocks, text.slice(0, 80));
    const second = growBlocks(first, text);
    expect(second.settled.slice(0, first.settled.length)).toEqual(first.settled);
  });
});

import { lexer } from 'marked';

/** A growing Markdown text in top-level blocks. `settled` blocks never change again; `tail` may. */
export interface Blocks {
  settled: readonly string[];
  tail: string;
  /** Characters of the text that the settled blocks cover. */
  settledLength: number;
}

export const noBlocks: Blocks = { settled: [], tail: '', settledLength: 0 };

/** The last two stay open: the first letters of a block can look like another one (`2` before it becomes `2.` of the list above). */
const openBlocks = 2;

/**
 * Blocks of a text that begins with the text of `known`. Only what follows the settled blocks is parsed: the cost of one step depends on the
 * length of the last blocks, not of the answer.
 */
export function growBlocks(known: Blocks, text: string): Blocks {
  const rest = text.slice(known.settledLength);
  const tokens = lexer(rest);
  let end = tokens.length;
  for (let open = 0; open < openBlocks && end > 0; open += 1) {
    end -= 1;
    while (end > 0 && tokens[end]?.type === 'space') end -= 1;
  }
  const closed = tokens.slice(0, end);
  // The lexer rewrites some characters (tabs, line ends); where its blocks are not the text, nothing is settled.
  const closedText = closed.map(({ raw }) => raw).join('');
  if (closed.length === 0 || !rest.startsWith(closedText)) return { ...known, tail: rest };
  return {
    settled: [...known.settled, ...closed.filter(({ type }) => type !== 'space').map(({ raw }) => raw)],
    tail: rest.slice(closedText.length),
    settledLength: known.settledLength + closedText.length,
  };
}

/** Characters of scripts without spaces between words: about one token each. */
const denseScript = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g;

/**
 * A cheap guess (no tables, microseconds) of how many tokens `text` is for a current model: for estimates before a call.
 * Within about 15 % for English prose, code and CJK text; see the test.
 */
export function estimateTokens(text: string): number {
  if (text === '') return 0;
  let tokens = 0;
  for (const match of text.matchAll(/[\p{L}\p{M}]+|\p{N}+|\s+|[^\p{L}\p{M}\p{N}\s]+/gu)) {
    tokens += estimateRun(match[0]);
  }
  return Math.max(1, Math.round(tokens));
}

function estimateRun(run: string): number {
  const first = run.codePointAt(0) ?? 0;
  // A single space joins the word after it; indentation and blank lines are about one token per run.
  if (/^\s/.test(run)) return run.length === 1 ? 0 : 0.6;
  if (first >= 0x30 && first <= 0x39) return Math.ceil(run.length / 3);
  const dense = run.match(denseScript)?.length ?? 0;
  if (dense > 0) return dense * 0.8 + (run.length - dense) / 4;
  if (/^\p{L}/u.test(run)) return first < 0x250 ? 1 + Math.max(0, run.length - 6) / 6 : Math.ceil(run.length / 3);
  return Math.max(0.6, run.length / 2);
}

let encoder: Promise<(text: string) => number> | undefined;

/**
 * Counts tokens exactly as OpenAI's o200k vocabulary does (GPT-4o and later). The tables are loaded at the first call
 * (about 0.2 s and tens of megabytes) and kept.
 */
export async function countOpenAiTokens(text: string): Promise<number> {
  encoder ??= import('gpt-tokenizer/encoding/o200k_base').then(
    ({ countTokens }) =>
      (input) =>
        countTokens(input, { allowedSpecial: 'all' }),
  );
  return (await encoder)(text);
}

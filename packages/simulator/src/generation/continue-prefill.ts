/**
 * Text that goes on where a trailing assistant message stops. When the message is the beginning of the answer the model would
 * give, the rest of that answer; else a sentence that picks up the thread, followed by the later part of the answer.
 */
export function continuePrefill(prefill: string, answer: string): string {
  const start = prefill.trimEnd();
  if (answer.startsWith(prefill)) return answer.slice(prefill.length);
  if (answer.startsWith(start)) return answer.slice(start.length).trimStart();
  const overlap = longestOverlap(start, answer);
  if (overlap > 0) return answer.slice(overlap);
  const paragraphs = answer.split('\n\n');
  const rest = paragraphs.slice(Math.floor(paragraphs.length / 2)).join('\n\n');
  if (/[.!?:]$/.test(start)) return `\n\n${rest}`;
  const space = /\s$/.test(prefill) ? '' : ' ';
  return `${space}and that is the part to keep in mind.\n\n${rest}`;
}

const LEAST_OVERLAP = 24;

/** Where to go on in `answer` when the end of `start` occurs in it (another model may have written what came before). */
function longestOverlap(start: string, answer: string): number {
  const tail = start.slice(-LEAST_OVERLAP);
  if (tail.length < LEAST_OVERLAP) return 0;
  const at = answer.indexOf(tail);
  return at < 0 ? 0 : at + tail.length;
}

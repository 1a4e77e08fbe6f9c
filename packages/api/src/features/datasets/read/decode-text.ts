import { isUtf8 } from 'node:buffer';
import { UnusableFile } from './dataset-limits.ts';

/** Stands for bytes that are no UTF-8: a code point that no text may hold. */
export const brokenMark = '\ufdd0';

/**
 * The text of a stream of bytes, piece by piece, without a byte order mark. What is no UTF-8 becomes {@link brokenMark}, so
 * that whoever reads the lines can say where it was. Throws {@link UnusableFile} for UTF-16 and above `mostBytes`.
 */
export async function* decodeText(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest: Buffer = Buffer.alloc(0);
  let total = 0;
  let isFirst = true;
  const decode = (whole: Buffer): string => {
    if (isUtf8(whole)) return decoder.decode(whole);
    return decoder.decode(whole).replaceAll('\ufffd', brokenMark);
  };
  for await (const chunk of source) {
    total += chunk.length;
    if (total > mostBytes) {
      throw new UnusableFile(
        `The file has more than ${Math.round(mostBytes / 1024 / 1024)} MB; split it into several datasets.`,
      );
    }
    let bytes =
      rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (isFirst) {
      if (bytes.length < 3) {
        rest = Buffer.from(bytes);
        continue;
      }
      isFirst = false;
      bytes = withoutMark(bytes);
    }
    const end = wholeLength(bytes);
    // A copy: the source may fill its buffer anew.
    rest = Buffer.from(bytes.subarray(end));
    if (end > 0) yield decode(bytes.subarray(0, end));
  }
  const last = isFirst ? withoutMark(rest) : rest;
  if (last.length > 0) yield decode(last);
}

function withoutMark(bytes: Buffer): Buffer {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UnusableFile('The file is in UTF-16; save it as UTF-8.');
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

/** How many bytes form whole characters; at most the last three do not. */
function wholeLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

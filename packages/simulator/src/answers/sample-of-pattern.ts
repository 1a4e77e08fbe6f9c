import type { SeededRandom } from '../seeded-random.ts';

const CLASSES: Record<string, string> = { d: '0123456789', w: 'abcdefghijklmnopqrstuvwxyz', s: ' ' };

/** A text that matches a simple regular expression: literals, classes, groups, alternatives, `* + ? {n,m}`. */
export function sampleOfPattern(pattern: string, random: SeededRandom): string {
  let position = 0;
  const peek = (): string | undefined => pattern[position];

  function alternatives(): string {
    const options = [sequence()];
    while (peek() === '|') {
      position++;
      options.push(sequence());
    }
    return random.pick(options);
  }
  function sequence(): string {
    let text = '';
    while (position < pattern.length && peek() !== '|' && peek() !== ')') {
      const start = position;
      const first = atom();
      const end = position;
      const [low, high] = quantifier();
      const after = position;
      const count = random.integer(low, high);
      if (count > 0) text += first;
      for (let repeat = 1; repeat < count; repeat++) {
        position = start;
        text += atom();
        position = end;
      }
      position = after;
    }
    return text;
  }
  function quantifier(): [number, number] {
    const match = /^(?:\*|\+|\?|\{(\d+)(,(\d*))?\})\??/.exec(pattern.slice(position));
    if (match === null) return [1, 1];
    position += match[0].length;
    if (match[0][0] === '*') return [0, 4];
    if (match[0][0] === '+') return [1, 5];
    if (match[0][0] === '?') return [0, 1];
    const low = Number(match[1]);
    return [low, match[2] === undefined ? low : match[3] === '' ? low + 3 : Number(match[3])];
  }
  function atom(): string {
    const character = pattern[position++] ?? '';
    if (character === '^' || character === '$') return '';
    if (character === '.') return random.pick([...(CLASSES.w ?? 'a')]);
    if (character === '\\') return escaped();
    if (character === '[') return fromSet();
    if (character !== '(') return character;
    position += /^\?(:|<\w+>)/.exec(pattern.slice(position))?.[0].length ?? 0;
    const text = alternatives();
    position++;
    return text;
  }
  function escaped(): string {
    const character = pattern[position++] ?? '';
    const members = CLASSES[character];
    if (members !== undefined) return random.pick([...members]);
    return character === 'b' ? '' : character;
  }
  function fromSet(): string {
    const end = pattern.indexOf(']', position + 1);
    const body = pattern.slice(position, end);
    position = end + 1;
    const expanded = body
      .replace(/\\([dws])/g, (_, name: string) => CLASSES[name] ?? '')
      .replace(/\\(.)/g, '$1')
      .replace(/(.)-(.)/g, (_, from: string, to: string) => {
        let range = '';
        for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) range += String.fromCharCode(code);
        return range;
      });
    return body.startsWith('^') ? 'x' : random.pick([...expanded]);
  }
  return alternatives();
}

const regexMayFollow = /(^|[=(,:[!&|?{};+\-*%<>~^]|\breturn|\btypeof|\bcase|\bin|\bof)\s*$/;

/**
 * Blanks comments and the insides of strings, templates and regular expressions, keeping every position and line: what
 * remains is code. Quotes stay, so that the text of a string can be read from the original at the same position.
 * Expressions inside templates (`${…}`) remain code. Good enough for JSX too: an apostrophe in its text blanks at most
 * the rest of that line.
 */
export function maskSource(text: string): string {
  const masked: string[] = [];
  /** One entry per open template expression: how many braces are open inside it. */
  const templateBraces: number[] = [];
  let position = 0;
  const keep = () => masked.push(text[position++] as string);
  const blank = () => {
    const character = text[position++] as string;
    masked.push(character === '\n' ? '\n' : ' ');
  };
  const blankUntil = (end: number) => {
    while (position < end && position < text.length) blank();
  };
  const blankTemplate = () => {
    while (position < text.length) {
      if (text[position] === '\\') blankUntil(position + 2);
      else if (text[position] === '`') return keep();
      else if (text.startsWith('${', position)) {
        templateBraces.push(0);
        keep();
        return keep();
      } else blank();
    }
    return undefined;
  };
  const blankQuoted = (quote: string) => {
    const end = endOnLine(text, position + 1, quote);
    keep();
    if (end === undefined) return;
    blankUntil(end);
    keep();
  };

  while (position < text.length) {
    const character = text[position] as string;
    if (text.startsWith('//', position)) blankUntil(indexOrEnd(text, '\n', position));
    else if (text.startsWith('/*', position)) blankUntil(indexOrEnd(text, '*/', position + 2) + 2);
    else if (character === "'" || character === '"') blankQuoted(character);
    else if (character === '`') {
      keep();
      blankTemplate();
    } else if (character === '/' && regexMayFollow.test(masked.slice(-40).join(''))) {
      const end = endOfRegex(text, position + 1);
      if (end === undefined) keep();
      else blankUntil(end);
    } else if (character === '{' && templateBraces.length > 0) {
      templateBraces[templateBraces.length - 1]! += 1;
      keep();
    } else if (character === '}' && templateBraces.at(-1) === 0) {
      templateBraces.pop();
      keep();
      blankTemplate();
    } else if (character === '}' && templateBraces.length > 0) {
      templateBraces[templateBraces.length - 1]! -= 1;
      keep();
    } else keep();
  }
  return masked.join('');
}

function indexOrEnd(text: string, needle: string, from: number): number {
  const index = text.indexOf(needle, from);
  return index === -1 ? text.length : index;
}

/** The position of the closing `quote`, or undefined when the line ends before it. */
function endOnLine(text: string, from: number, quote: string): number | undefined {
  for (let position = from; position < text.length; position += 1) {
    if (text[position] === '\n') return undefined;
    if (text[position] === '\\') position += 1;
    else if (text[position] === quote) return position;
  }
  return undefined;
}

/** The position after a regular expression's closing slash, or undefined when it is none. */
function endOfRegex(text: string, from: number): number | undefined {
  let isInClass = false;
  for (let position = from; position < text.length; position += 1) {
    const character = text[position];
    if (character === '\n') return undefined;
    if (character === '\\') position += 1;
    else if (character === '[') isInClass = true;
    else if (character === ']') isInClass = false;
    else if (character === '/' && !isInClass) return position + 1;
  }
  return undefined;
}

/** A text as one line without control and direction characters, which would move a caret or do worse to a terminal. */
export const printableText = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');

/** Colours by what they mean. */
export interface Palette {
  readonly bad: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly good: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

const plain = (text: string): string => text;
const sequence =
  (code: number) =>
  (text: string): string =>
    `\x1b[${code}m${text}\x1b[0m`;

export const colourful: Palette = {
  bad: sequence(31),
  doubtful: sequence(33),
  good: sequence(32),
  faint: sequence(2),
  strong: sequence(1),
};

export const colourless: Palette = { bad: plain, doubtful: plain, good: plain, faint: plain, strong: plain };

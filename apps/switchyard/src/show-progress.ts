/** One line on a terminal that tells what is being done, replaced by the next and gone at the end. */
export interface Progress {
  show(step: string): void;
  clear(): void;
}

const eraseLine = '\r\x1b[2K';

/** Elsewhere than on a terminal nothing is shown: there, the box at the end says it all. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  return {
    show: (step) => stream.write(`${eraseLine}  … ${step}`),
    clear: () => stream.write(eraseLine),
  };
}

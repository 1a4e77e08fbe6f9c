/** What a command may use of the world around it, so that tests can stand in for it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Where people read results; `write` adds the line break. */
  readonly output: LineSink;
  readonly errorOutput: LineSink;
}

export interface LineSink {
  readonly isTerminal: boolean;
  /** Of the terminal as it is now; absent elsewhere. */
  readonly columns?: number;
  readonly rows?: number;
  write(line: string): void;
}

/** Whether colours may be used: on a terminal, unless NO_COLOR says no (no-color.org). */
export const mayColour = (sink: LineSink, environment: Surroundings['environment']): boolean =>
  sink.isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb';

/** The surroundings of this process. */
export function processSurroundings(): Surroundings {
  const sink = (stream: NodeJS.WriteStream): LineSink => ({
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    write: (line) => stream.write(`${line}\n`),
  });
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    output: sink(process.stdout),
    errorOutput: sink(process.stderr),
  };
}

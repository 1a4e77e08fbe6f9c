/** Structured fields of one log line. Never put a secret here: values are written as they are. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the domain reports what an operator should be able to read later. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

const ignore = () => {};

/** A log that keeps nothing. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

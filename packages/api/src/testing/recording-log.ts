import type { Log, LogFields } from '@switchyard/core/kernel';

export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
  readonly message: string;
}

/** A log that keeps its lines for a test to look at. */
export class RecordingLog implements Log {
  readonly lines: LoggedLine[] = [];

  /** Everything that was logged, as text. */
  get text(): string {
    return this.lines.map((line) => JSON.stringify(line)).join('\n');
  }

  debug(fields: LogFields, message: string): void {
    this.lines.push({ level: 'debug', fields, message });
  }

  info(fields: LogFields, message: string): void {
    this.lines.push({ level: 'info', fields, message });
  }

  warn(fields: LogFields, message: string): void {
    this.lines.push({ level: 'warn', fields, message });
  }

  error(fields: LogFields, message: string): void {
    this.lines.push({ level: 'error', fields, message });
  }
}

import type { Log } from '@switchyard/core/kernel';
import { pino } from 'pino';

/** One JSON line per entry on standard error, so that standard output stays for people. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): Log {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: false }));
}

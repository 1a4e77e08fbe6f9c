import type { Log } from '@switchyard/core/kernel';
import { pino } from 'pino';
import { createLineRedactor } from './observability/redact-line.ts';
import { scopeFields } from './observability/request-scope.ts';

/**
 * One JSON line per entry on standard error, so that standard output stays for people. Each line names the request, team,
 * run, step, call and trace that it belongs to; `secrets`, and what looks like one, are taken out.
 */
export function createLog(
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  secrets: readonly string[] = [],
  destination: { write(line: string): unknown } = pino.destination({ dest: 2, sync: false }),
): Log {
  const redact = createLineRedactor(secrets);
  const write = (line: string) => void destination.write(redact(line));
  return pino({ level, base: null, mixin: () => ({ ...scopeFields() }) }, { write });
}

export const auditUsage = `Usage: switchyard audit verify [FILE] [--team ID] [--json] [--server URL] [--key KEY]
       switchyard audit export [--format jsonl|csv] [--server URL] [--key KEY]`;

/** What `switchyard audit` was asked to do. */
export interface AuditArguments {
  readonly action: 'verify' | 'export';
  /** An export in JSON lines, `-` for none: it is checked without any server. */
  readonly file: string | undefined;
  /** A team of the database that DATABASE_URL names, or `all`. */
  readonly team: string | undefined;
  readonly format: 'jsonl' | 'csv';
  readonly isJson: boolean;
  readonly server: string | undefined;
  readonly key: string | undefined;
}

const valued = new Set(['--team', '--format', '--server', '--key']);

/** Reads the arguments of `switchyard audit`, or says what is wrong with them. */
export function parseAuditArguments(args: readonly string[]): AuditArguments | { readonly problem: string } {
  const wrong = (problem: string) => ({ problem: `${problem}\n${auditUsage}` });
  const given = new Map<string, string>();
  const names: string[] = [];
  let isJson = false;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('--')) {
      names.push(arg);
      continue;
    }
    if (arg === '--json') {
      isJson = true;
      continue;
    }
    const equals = arg.indexOf('=');
    const option = equals < 0 ? arg : arg.slice(0, equals);
    if (!valued.has(option)) return wrong(`"${arg}" is no option of audit.`);
    const value = equals < 0 ? rest.shift() : arg.slice(equals + 1);
    if (value === undefined) return wrong(`Give a value after ${option}.`);
    given.set(option, value);
  }
  const [action, file, ...others] = names;
  if (action !== 'verify' && action !== 'export') return wrong('Say verify or export.');
  if (others.length > 0 || (action === 'export' && file !== undefined)) return wrong('That is one name too many.');
  const format = given.get('--format') ?? 'jsonl';
  if (format !== 'jsonl' && format !== 'csv') return wrong('The format is jsonl or csv.');
  const [team, server, key] = ['--team', '--server', '--key'].map((name) => given.get(name));
  return { action, file, team, format, isJson, server, key };
}

/** What `switchyard rehearse` was asked to do. */
export interface RehearseArguments {
  /** The provider, by the id before the slash of its models. */
  readonly provider: string;
  readonly model: string;
  readonly fallbacks: readonly string[];
  readonly fault: string;
  readonly calls: number | undefined;
  readonly isJson: boolean;
  readonly server: string | undefined;
  readonly key: string | undefined;
}

export const rehearseUsage = `Usage: switchyard rehearse MODEL [--fallback NAME]… [--fault outage|error|latency|cut] [--calls N]
                           [--provider ID] [--json] [--server URL] [--key KEY]`;

const valued = new Set(['--fallback', '--fault', '--calls', '--provider', '--server', '--key']);
const faults = ['outage', 'error', 'latency', 'cut'];

/** Reads the arguments of `switchyard rehearse`, or says what is wrong with them. `--name=value` is `--name value`. */
export function parseRehearseArguments(args: readonly string[]): RehearseArguments | { readonly problem: string } {
  const given = new Map<string, string[]>();
  const names: string[] = [];
  const wrong = (problem: string) => ({ problem: `${problem}\n${rehearseUsage}` });
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('--')) {
      names.push(arg);
      continue;
    }
    if (arg === '--json') {
      given.set(arg, []);
      continue;
    }
    const equals = arg.indexOf('=');
    const option = equals < 0 ? arg : arg.slice(0, equals);
    if (!valued.has(option)) return wrong(`"${arg}" is no option of rehearse.`);
    const value = equals < 0 ? rest.shift() : arg.slice(equals + 1);
    if (value === undefined) return wrong(`Give a value after ${option}.`);
    given.set(option, [...(given.get(option) ?? []), value]);
  }
  for (const option of valued) {
    if (option !== '--fallback' && (given.get(option)?.length ?? 0) > 1) return wrong(`Give ${option} once.`);
  }
  const [model, ...others] = names;
  if (model === undefined) return wrong('Name what the calls ask for: a model, an alias or a chain.');
  if (others.length > 0) return wrong(`One model at a time; "${others[0]}" is one too many.`);
  const provider = given.get('--provider')?.[0] ?? (model.includes('/') ? model.split('/')[0] : undefined);
  if (!provider) return wrong(`Say which provider is to be broken: --provider ID, since "${model}" names none.`);
  const fault = given.get('--fault')?.[0] ?? 'outage';
  if (!faults.includes(fault)) return wrong(`Give --fault as one of ${faults.join(', ')}.`);
  const calls = given.get('--calls')?.[0];
  if (calls !== undefined && !/^\d{1,3}$/.test(calls)) return wrong('Give --calls as a number, 5 to 200.');
  return {
    ...{ provider, model, fault },
    fallbacks: given.get('--fallback') ?? [],
    calls: calls === undefined ? undefined : Number(calls),
    isJson: given.has('--json'),
    server: given.get('--server')?.[0],
    key: given.get('--key')?.[0],
  };
}

/** What `switchyard run` was asked to do. */
export interface RunArguments {
  /** As behind `workflow:`. */
  readonly workflow: string;
  /** A file, `-` for the standard input; undefined for none. */
  readonly inputFile: string | undefined;
  /** `name=value`, in order. */
  readonly sets: readonly { readonly name: string; readonly text: string }[];
  readonly tags: readonly string[];
  readonly version: number | undefined;
  /** Whom the run is for, and their session. */
  readonly user: string | undefined;
  readonly session: string | undefined;
  readonly isJson: boolean;
  /** Start it and leave. */
  readonly isDetached: boolean;
  readonly server: string | undefined;
  readonly key: string | undefined;
}

export const runUsage = `Usage: switchyard run WORKFLOW [--input FILE|-] [--set NAME=VALUE]… [--json] [--detach]
                      [--version N] [--tag TAG]… [--user NAME] [--session NAME]
                      [--server URL] [--key KEY]`;

const valued = new Set(['--input', '--set', '--tag', '--version', '--user', '--session', '--server', '--key']);
const flags = new Set(['--json', '--detach']);

/** Reads the arguments of `switchyard run`, or says what is wrong with them. `--name=value` is `--name value`. */
export function parseRunArguments(args: readonly string[]): RunArguments | { readonly problem: string } {
  const given = new Map<string, string[]>();
  const names: string[] = [];
  const wrong = (problem: string) => ({ problem: `${problem}\n${runUsage}` });
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('--')) {
      names.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const option = equals < 0 ? arg : arg.slice(0, equals);
    if (flags.has(option) && equals < 0) {
      given.set(option, []);
      continue;
    }
    if (!valued.has(option)) return wrong(`"${arg}" is no option of run.`);
    const value = equals < 0 ? rest.shift() : arg.slice(equals + 1);
    if (value === undefined) return wrong(`Give a value after ${option}.`);
    given.set(option, [...(given.get(option) ?? []), value]);
  }
  for (const option of ['--input', '--version', '--user', '--session', '--server', '--key']) {
    if ((given.get(option)?.length ?? 0) > 1) return wrong(`Give ${option} once.`);
  }
  const [name, ...others] = names;
  if (name === undefined) return wrong('Name the workflow to run.');
  if (others.length > 0) return wrong(`One workflow at a time; "${others[0]}" is one too many.`);
  const sets = (given.get('--set') ?? []).map((text) => {
    const equals = text.indexOf('=');
    return { name: text.slice(0, Math.max(0, equals)), text: text.slice(equals + 1) };
  });
  if (sets.some((set) => set.name === '')) return wrong('Write --set as NAME=VALUE.');
  const version = given.get('--version')?.[0];
  if (version !== undefined && !/^\d{1,9}$/.test(version)) return wrong('Give --version as a number; 0 is the draft.');
  return {
    workflow: name.replace(/^workflow:/, ''),
    inputFile: given.get('--input')?.[0],
    sets,
    tags: given.get('--tag') ?? [],
    version: version === undefined ? undefined : Number(version),
    user: given.get('--user')?.[0],
    session: given.get('--session')?.[0],
    isJson: given.has('--json'),
    isDetached: given.has('--detach'),
    server: given.get('--server')?.[0],
    key: given.get('--key')?.[0],
  };
}

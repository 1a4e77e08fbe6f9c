/** One provider as the box shows it. */
export interface ProviderLine {
  readonly displayName: string;
  /** `live` or `simulated`, in any case. */
  readonly origin: string;
  /** For example `ready`, `KEY_MISSING`. */
  readonly state: string;
  readonly message?: string | undefined;
}

export interface StartBoxContent {
  readonly url: string;
  readonly dataFolder: string;
  /** `embedded`, or the name of a server without credentials. */
  readonly database: string;
  /** Where the simulator listens, when it runs. */
  readonly simulatorUrl?: string | undefined;
  readonly providers: readonly ProviderLine[];
  readonly hints: readonly string[];
  readonly startedInSeconds: number;
}

const maxWidth = 84;
const labelWidth = 13;

/** Draws the box that `switchyard start` prints when everything is up: lines without a final line break. */
export function drawStartBox(content: StartBoxContent): string {
  const nameWidth = Math.max(0, ...content.providers.map(({ displayName }) => displayName.length)) + 2;
  const rows = [
    `Switchyard is ready (${content.startedInSeconds.toFixed(1)} s)`,
    '',
    ...field('Dashboard', content.url),
    ...field('GraphQL', `${content.url}/graphql`),
    ...field('Database', content.database),
    ...field('Data folder', content.dataFolder),
    ...(content.simulatorUrl === undefined ? [] : field('Simulator', `${content.simulatorUrl}/_control`)),
    '',
    'Providers',
    ...content.providers.flatMap((provider) => describeProvider(provider, nameWidth)),
    ...(content.providers.length === 0
      ? ['  none: set a key, for example OPENAI_API_KEY, or SWITCHYARD_SIMULATOR=on']
      : []),
    '',
    ...content.hints.flatMap((hint) => wrap(hint, '', '')),
    ...field('Stop', 'Ctrl-C'),
  ];
  const width = Math.max(...rows.map((row) => row.length));
  const line = '─'.repeat(width + 4);
  return [`┌${line}┐`, ...rows.map((row) => `│  ${row.padEnd(width)}  │`), `└${line}┘`].join('\n');
}

const field = (label: string, value: string): readonly string[] =>
  wrap(value, label.padEnd(labelWidth), ' '.repeat(labelWidth));

function describeProvider({ displayName, origin, state, message }: ProviderLine, nameWidth: number): readonly string[] {
  const words = `${origin.toLowerCase()}, ${state.toLowerCase().replaceAll('_', ' ')}`;
  const text = message === undefined ? words : `${words}: ${message}`;
  return wrap(text, `  ${displayName.padEnd(nameWidth)}`, ' '.repeat(nameWidth + 2));
}

/** Breaks `text` at spaces so that no line is wider than the box; a longer word stays whole. */
function wrap(text: string, firstIndent: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = firstIndent;
  let isEmpty = true;
  for (const word of text.split(/\s+/)) {
    if (!isEmpty && line.length + 1 + word.length > maxWidth) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

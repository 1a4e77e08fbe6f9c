import type { GraphData } from './graph-connection.ts';
import { printableText } from './printable-text.ts';

/** The outputs of a run for people: one alone as it is, several each under its name. */
export function renderOutputs(outputs: Readonly<Record<string, unknown>>): readonly string[] {
  const entries = Object.entries(outputs);
  const [only] = entries;
  if (only && entries.length === 1) return [toText(only[1])];
  return entries.map(([name, value]) => `# ${name}\n\n${toText(value)}\n`);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null, undefined, 2);
}

/** Why something was not done, with every single problem and what to do. */
export function renderFailure(failure: GraphData): readonly string[] {
  const issues: readonly GraphData[] =
    failure.issues ?? failure.problems?.filter(({ isError }: GraphData) => isError) ?? [];
  const lines = issues.map(({ path, message, suggestion }) => {
    const place = Array.isArray(path) ? path.slice(1).join('.') : path;
    const start = place && !message.startsWith(place) ? `${place}: ` : '';
    return printableText(`  ${start}${message}${suggestion ? ` ${suggestion}` : ''}`);
  });
  return [
    printableText(`${failure.code}: ${issues.length > 0 ? 'the run was not started.' : failure.message}`),
    ...lines,
    ...(failure.remedy ? [printableText(failure.remedy)] : []),
  ];
}

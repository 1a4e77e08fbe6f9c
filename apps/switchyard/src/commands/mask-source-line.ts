import { type ConfigurationProblem, looksSecret } from '@switchyard/core/provisioning';

const dots = (text: string): string => '•'.repeat(text.length);

/** Masks everything but references to variables and comments. */
const maskAllBut = (text: string): string =>
  text
    .split(/(\$\{\w+\}|\s#.*$)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[^\s'"{}[\],]+/g, dots)))
    .join('');

/** A line of the file as it may be shown: as long as it was, without what may be a secret. */
export function maskSourceLine(
  line: string,
  problem: Pick<ConfigurationProblem, 'code' | 'path' | 'position'>,
): string {
  const isSensitive =
    problem.code === 'LITERAL_SECRET' ||
    (problem.code !== 'KEY_MISSING' && /\.(?:api_key|headers)\b/.test(problem.path));
  const from = problem.position.column - 1;
  const kept = isSensitive ? line.slice(0, from) + maskValue(line.slice(from)) : line;
  return kept
    .replace(/(\bapi_key["']?\s*:\s*)(.*)$/, (_, field: string, value: string) => field + maskValue(value))
    .replace(/(\/\/)([^/\s@]+)(?=@)/g, (_, slashes: string, credentials: string) => slashes + dots(credentials))
    .replace(/[^\s'"{}[\],:]+/g, (word) => (looksSecret(word) ? dots(word) : word));
}

/** Keeps `name:` in front and `{env: NAME}`, which hold no secret. */
function maskValue(text: string): string {
  const reference = /^(\{\s*env\s*:\s*\w+\s*\}|\$\{\w+\})(.*)$/.exec(text);
  if (reference) return `${reference[1]}${maskAllBut(reference[2] ?? '')}`;
  const named = /^([\w-]+\s*:\s*)(.*)$/.exec(text);
  return named ? `${named[1]}${maskAllBut(named[2] ?? '')}` : maskAllBut(text);
}

import { type Configuration, type ConfigurationProblem, emptyConfiguration } from './configuration.ts';
import { fileSchema } from './file-schema.ts';
import { checkWays } from './names/check-ways.ts';
import { ProblemList } from './problem-list.ts';
import { explainIssue } from './schema/explain-issue.ts';
import { parseLeniently, readAt } from './schema/parse-leniently.ts';
import type { Environment, SectionContext } from './section.ts';
import { configurationSections } from './sections.ts';
import { readSource } from './source/read-source.ts';
import type { SourcePath } from './source/source-path.ts';

export interface ReadConfiguration {
  /** Undefined exactly when `problems` holds an error. */
  readonly configuration: Configuration | undefined;
  /** In the order of the file. */
  readonly problems: readonly ConfigurationProblem[];
}

/**
 * Reads the text of `switchyard.yaml`. Reports everything that is wrong at once, with its place; never throws. Values
 * of variables come from `environment` alone (an empty one counts as unset) and appear in no message.
 */
export function readConfiguration(text: string, options: { readonly environment: Environment }): ReadConfiguration {
  const source = readSource(text);
  const problems = new ProblemList(source);
  for (const problem of source.problems) problems.addSourceProblem(problem);
  if (source.problems.some(({ severity, code }) => severity === 'error' && textCodes.has(code)))
    return problems.finish();
  if (source.value === undefined) {
    problems.add('FILE_EMPTY', [], 'The file is empty.', {
      severity: 'warning',
      suggestion: 'docs/examples/switchyard.yaml shows what it can hold.',
    });
    return problems.finish(emptyConfiguration);
  }

  const parsed = parseLeniently(fileSchema, source.value, placeholderAt);
  for (const issue of parsed.issues) {
    for (const { code, path, message, ...rest } of explainIssue(issue, source.value))
      problems.add(code, path, message, rest);
  }
  if (parsed.value === undefined) return problems.finish();
  const file = parsed.value;
  if (file.version === undefined && !problems.hasProblemAt(['version'])) {
    problems.add('MISSING_VERSION', ['version'], 'The file does not say which version of the format it has.', {
      severity: 'warning',
      suggestion: 'Begin it with "version: 1".',
    });
  }
  return problems.finish(
    readSections(file, contextOf(problems, parsed.toOriginal, declaredNames(source.value), options.environment)),
  );
}

const placeholderAt = (path: SourcePath): unknown =>
  configurationSections.find(({ key }) => key === path[0])?.placeholderAt?.(path);

/** Problems after which the values mean nothing. */
const textCodes: ReadonlySet<string> = new Set(['YAML_SYNTAX', 'YAML_UNSUPPORTED', 'FILE_TOO_LARGE']);

function readSections(file: Readonly<Record<string, unknown>>, context: SectionContext): Configuration {
  let configuration = emptyConfiguration;
  const given = configurationSections.filter(({ key }) => file[key] !== undefined);
  for (const section of given) {
    configuration = { ...configuration, ...section.read(file[section.key], context, configuration) };
  }
  for (const section of given) section.check?.(file[section.key], context, configuration);
  checkWays(context, configuration);
  return configuration;
}

function contextOf(
  problems: ProblemList,
  toOriginal: ReturnType<typeof parseLeniently>['toOriginal'],
  declared: ReadonlySet<string>,
  environment: Environment,
): SectionContext {
  return {
    readVariable: (name) => {
      const value = Object.hasOwn(environment, name) ? environment[name]?.trim() : undefined;
      return value === '' ? undefined : value;
    },
    isDeclared: (name) => declared.has(name),
    isBroken: (path) => problems.hasProblemAt(toOriginal(path)),
    report: (code, path, message, options) => {
      const original = toOriginal(path);
      // What was taken out because it is wrong is not missing.
      const isKnown = problems.hasProblemAt(original) && (code === 'MISSING_FIELD' || code === 'KEY_MISSING');
      if (!isKnown) problems.add(code, original, message, options);
    },
    positionOf: (path, spot) => problems.locate(toOriginal(path), spot),
  };
}

/** Names that the file gives to something, right or wrong: what leads to them is no mistake of its own. */
function declaredNames(file: unknown): ReadonlySet<string> {
  const keysOf = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
  const providers = readAt(file, ['providers']);
  const ids = Array.isArray(providers) ? providers.map((provider) => readAt(provider, ['id'])) : [];
  return new Set([
    ...ids.filter((id) => typeof id === 'string'),
    ...keysOf(readAt(file, ['aliases'])),
    ...keysOf(readAt(file, ['chains'])),
  ]);
}

import { readConfiguration } from '@switchyard/core/provisioning';
import { mayColour, type Surroundings } from './command.ts';
import { findConfigurationFile, readText } from './configuration-file.ts';
import { colourful, colourless } from './palette.ts';
import { parseFileArguments } from './parse-arguments.ts';
import { renderProblems } from './render-problems.ts';

/**
 * `switchyard validate [FILE] [--json]`: checks a configuration file without a server and without the network. Answers
 * the exit code: 0 usable, 1 errors in the file, 2 wrong use or no readable file.
 */
export function validate(args: readonly string[], surroundings: Surroundings): number {
  const { environment, output, errorOutput } = surroundings;
  const parsed = parseFileArguments('validate', args);
  if ('problem' in parsed) {
    errorOutput.write(parsed.problem);
    return 2;
  }
  const file = findConfigurationFile(parsed.file, surroundings);
  const source = readText(file);
  if ('problem' in source) {
    if (parsed.isJson)
      output.write(JSON.stringify({ file: file.shownPath, isValid: false, unreadable: source.problem }));
    else errorOutput.write(`${source.problem}\nName the file, or set SWITCHYARD_CONFIG.`);
    return 2;
  }
  const { configuration, problems } = readConfiguration(source.text, { environment });
  const isValid = configuration !== undefined;
  if (parsed.isJson) output.write(JSON.stringify({ file: file.shownPath, isValid, problems }, undefined, 2));
  else {
    const palette = mayColour(output, environment) ? colourful : colourless;
    output.write(renderProblems(file.shownPath, source.text, problems, palette));
  }
  return isValid ? 0 : 1;
}

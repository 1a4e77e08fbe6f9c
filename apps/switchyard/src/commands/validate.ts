import { readConfiguration } from '@switchyard/core/provisioning';
import { mayColour, type Surroundings } from './command.ts';
import { findConfigurationFile, readText } from './configuration-file.ts';
import { colourful, colourless } from './palette.ts';
import { parseFileArguments } from './parse-arguments.ts';
import { type PriceTableFinding, readPriceTableFile, toFileProblems } from './read-price-table-file.ts';
import { renderProblems } from './render-problems.ts';

/**
 * `switchyard validate [FILE] [--json]`: checks a configuration file, and the price table when one is set, without a
 * server and without the network. Answers the exit code: 0 usable, 1 errors in a file, 2 wrong use or no readable file.
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
  const table = readPriceTableFile(surroundings);
  const palette = mayColour(output, environment) ? colourful : colourless;
  if ('problem' in source) {
    // Who has a price table and no configuration file wants to know of the table.
    if (table && source.isMissing && !file.isNamed) {
      output.write(
        parsed.isJson
          ? JSON.stringify({ isValid: table.problems.length === 0, priceTable: describeTable(table) }, undefined, 2)
          : renderProblems(table.shownPath, table.text, toFileProblems(table), palette),
      );
      return table.problems.length === 0 ? 0 : 1;
    }
    if (parsed.isJson)
      output.write(JSON.stringify({ file: file.shownPath, isValid: false, unreadable: source.problem }));
    else errorOutput.write(`${source.problem}\nName the file, or set SWITCHYARD_CONFIG.`);
    return 2;
  }
  const { configuration, problems } = readConfiguration(source.text, { environment });
  const isValid = configuration !== undefined && (table?.problems.length ?? 0) === 0;
  if (parsed.isJson) {
    const priceTable = table && { priceTable: describeTable(table) };
    output.write(JSON.stringify({ file: file.shownPath, isValid, problems, ...priceTable }, undefined, 2));
  } else {
    output.write(renderProblems(file.shownPath, source.text, problems, palette));
    if (table) output.write(`\n${renderProblems(table.shownPath, table.text, toFileProblems(table), palette)}`);
  }
  return isValid ? 0 : 1;
}

function describeTable({ shownPath, problems }: PriceTableFinding) {
  return { file: shownPath, isValid: problems.length === 0, problems };
}

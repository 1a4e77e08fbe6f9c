/** `[FILE] [--json]`, or the sentence that says what is wrong with it. */
export type FileArguments =
  | { readonly file: string | undefined; readonly isJson: boolean }
  | { readonly problem: string };

export function parseFileArguments(command: string, args: readonly string[]): FileArguments {
  const usage = `Usage: switchyard ${command} [FILE] [--json]`;
  const options = args.filter((arg) => arg.startsWith('-'));
  const unknown = options.find((option) => option !== '--json');
  if (unknown !== undefined) return { problem: `"${unknown}" is no option of ${command}. ${usage}` };
  const files = args.filter((arg) => !arg.startsWith('-'));
  if (files.length > 1) return { problem: `One file at a time. ${usage}` };
  return { file: files[0], isJson: options.length > 0 };
}

/** From the root of the file to a value: names of map keys and indexes of list items. */
export type SourcePath = readonly (string | number)[];

/** `providers[1].base_url`; names that are no plain words are quoted: `features["workflow.multiModel"]`. */
export function formatPath(path: SourcePath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step.length > 80 ? `${step.slice(0, 80)}…` : step)}]`;
  }
  return text;
}

/** A key of maps and sets for a path. */
export const pathKey = (path: SourcePath): string => JSON.stringify(path);

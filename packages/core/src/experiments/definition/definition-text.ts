import { isAlias, isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml';

/** More text than any definition has; the parser of YAML takes much longer than that of JSON. */
const longest = { json: 1_000_000, yaml: 200_000 } as const;
const deepest = 200;

/** The plain data of a text, or why it is none: in one sentence with the place. */
export type DefinitionText = { readonly value: Readonly<Record<string, unknown>> } | { readonly problem: string };

/**
 * Reads a definition written as JSON or YAML 1.2. Whether it is a good test is another question. Aliases are refused: what a
 * reader sees is what is there. Never throws, and never takes long.
 */
export function readDefinitionText(text: string): DefinitionText {
  if (text.length > longest.json) return { problem: 'A definition has at most 1,000,000 characters.' };
  const json = readJson(text);
  return json === undefined ? readYaml(text) : toMap(json);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readYaml(text: string): DefinitionText {
  if (text.length > longest.yaml) return { problem: 'A definition in YAML has at most 200,000 characters.' };
  if (isTooDeep(text)) return { problem: 'The text is nested too deep.' };
  try {
    const lines = new LineCounter();
    // Its own search for repeated keys takes time by the square of their number.
    const options = {
      version: '1.2',
      schema: 'core',
      prettyErrors: false,
      uniqueKeys: false,
      lineCounter: lines,
    } as const;
    const document = parseDocument(text, options);
    const at = (offset: number) => {
      const { line, col } = lines.linePos(offset);
      return `Line ${line}, column ${col}`;
    };
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) return { problem: `${at(fault.pos[0])}: ${fault.message}` };
    let problem: string | undefined;
    visit(document, {
      Node: (_key, node) => {
        if (isAlias(node)) problem ??= `${at(node.range?.[0] ?? 0)}: Aliases are not allowed; write the value out.`;
      },
      Map: (_key, { items }) => {
        const seen = new Set<unknown>();
        for (const { key } of items) {
          if (!isScalar(key)) continue;
          if (seen.has(key.value)) problem ??= `${at(key.range?.[0] ?? 0)}: This name stands here twice.`;
          seen.add(key.value);
        }
      },
    });
    return problem === undefined ? toMap(document.toJS({ maxAliasCount: 0 })) : { problem };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'The text is nested too deep.' };
    throw error;
  }
}

function toMap(value: unknown): DefinitionText {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'A definition is a map that begins with, for example, "hypothesis: …".' };
  return { value: value as Readonly<Record<string, unknown>> };
}

/** Found out before the parser, which goes down one call for every level. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth = Math.max(0, depth - 1);
    if (depth > deepest) return true;
  }
  return /(?:[-?:] ){200}/.test(text);
}

/** A definition as YAML, texts of several lines as blocks; reading it back gives the same. */
export function writeDefinitionYaml(value: Readonly<Record<string, unknown>>): string {
  const options = { version: '1.2', lineWidth: 0, minContentWidth: 0, blockQuote: 'literal' } as const;
  return stringify(value, { ...options, aliasDuplicateObjects: false, singleQuote: true });
}

export interface KnownNames {
  readonly variables: readonly { readonly text: string; readonly type: string }[];
  readonly tags: readonly string[];
  readonly filters: readonly string[];
  readonly functions: readonly string[];
}

export interface TextCompletion {
  readonly label: string;
  readonly detail?: string;
  readonly apply?: string;
  readonly kind: 'variable' | 'keyword' | 'function';
}

export interface TextCompletions {
  /** The first character that is replaced. */
  readonly from: number;
  readonly options: readonly TextCompletion[];
}

export type TextLanguage = 'template' | 'expression' | 'json';

const way = /[A-Za-z_][\w.]*(?:\["[^"]*"?\]?[\w.]*)*$/;

/** The part of a template that is open before the cursor: what stands behind `{{` or `{%`; undefined in prose. */
function openProgram(before: string): { readonly text: string; readonly isTag: boolean } | undefined {
  const output = before.lastIndexOf('{{');
  const tag = before.lastIndexOf('{%');
  const start = Math.max(output, tag);
  if (start < 0) return undefined;
  const text = before.slice(start + 2);
  return text.includes(output > tag ? '}}' : '%}') ? undefined : { text, isTag: tag > output };
}

/** What can stand at the end of the text before the cursor. Undefined where nothing fits. */
export function textCompletions(
  language: TextLanguage,
  known: KnownNames,
  before: string,
  isAskedFor: boolean,
): TextCompletions | undefined {
  if (language === 'json') return undefined;
  const word = /\w*$/.exec(before)?.[0] ?? '';
  const variables = known.variables.map(
    ({ text, type }): TextCompletion => ({ label: text, detail: type, kind: 'variable' }),
  );
  if (language === 'template') {
    const program = openProgram(before);
    if (!program) {
      if (!isAskedFor) return undefined;
      // Asked for in prose: the braces come with it.
      const options = variables.map((option) => ({ ...option, apply: `{{ ${option.label} }}` }));
      return { from: before.length, options };
    }
    const from = before.length - word.length;
    if (/\|\s*\w*$/.test(program.text))
      return { from, options: known.filters.map((label) => ({ label, detail: 'filter', kind: 'function' })) };
    if (program.isTag && /^-?\s*\w*$/.test(program.text))
      return {
        from,
        options: known.tags.map((label) => ({ label, apply: `${label} `, detail: 'tag', kind: 'keyword' })),
      };
    if ((program.text.match(/"/g)?.length ?? 0) % 2 === 1 && !way.test(program.text)) return undefined;
    const path = way.exec(program.text)?.[0] ?? '';
    const isFresh = program.text.trim() === '';
    if (path === '' && !isAskedFor && !isFresh) return undefined;
    return { from: before.length - path.length, options: variables };
  }
  const path = way.exec(before)?.[0] ?? '';
  const plain = before.slice(0, before.length - path.length).replace(/\\./g, '');
  if ((plain.match(/"/g)?.length ?? 0) % 2 === 1) return undefined;
  if (path === '' && !isAskedFor) return undefined;
  const functions = known.functions.map(
    (label): TextCompletion => ({ label, apply: `${label}(`, detail: 'function', kind: 'function' }),
  );
  return { from: before.length - path.length, options: [...variables, ...functions] };
}

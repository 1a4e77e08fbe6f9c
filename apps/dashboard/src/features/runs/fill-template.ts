/** A piece of a prompt: as it was written, a value that was put in, or an expression that stays as it was written. */
export interface TemplatePart {
  readonly kind: 'text' | 'value' | 'code';
  readonly text: string;
  /** Of a value: where it came from. */
  readonly from?: string;
}

export interface TemplateValues {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Outputs of steps that have one, by id. */
  readonly outputs: ReadonlyMap<string, unknown>;
}

const tags = /\{\{-?([\s\S]*?)-?\}\}|\{%[\s\S]*?%\}/g;
const plainPath = /^\s*(inputs|steps)((?:\.[A-Za-z_]\w*|\[\s*(?:"[^"]*"|'[^']*'|\d+)\s*\])+)\s*$/;
const pathPart = /\.([A-Za-z_]\w*)|\[\s*(?:"([^"]*)"|'([^']*)'|(\d+))\s*\]/g;

function lookUp(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function resolveVariable(expression: string, { inputs, outputs }: TemplateValues): unknown {
  const match = plainPath.exec(expression);
  if (!match) return undefined;
  const path = [...(match[2] ?? '').matchAll(pathPart)].map((part) => part[1] ?? part[2] ?? part[3] ?? part[4] ?? '');
  if (match[1] === 'inputs') return lookUp(inputs, path);
  const [stepId = '', field, ...rest] = path;
  return field === 'output' && outputs.has(stepId) ? lookUp(outputs.get(stepId), rest) : undefined;
}

/**
 * A prompt with the values that a run gave its plain variables, `{{ inputs.x }}` and `{{ steps.y.output }}`. What is
 * more than a variable (filters, loops, conditions) stays as it was written: only the server renders it.
 */
export function fillTemplate(template: string, values: TemplateValues): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  const add = (part: TemplatePart) => {
    if (part.text !== '') parts.push(part);
  };
  let done = 0;
  for (const match of template.matchAll(tags)) {
    add({ kind: 'text', text: template.slice(done, match.index) });
    done = match.index + match[0].length;
    const value = match[1] === undefined ? undefined : resolveVariable(match[1], values);
    if (value === undefined) add({ kind: 'code', text: match[0] });
    else
      parts.push({
        kind: 'value',
        text: typeof value === 'string' ? value : JSON.stringify(value),
        from: (match[1] ?? '').trim(),
      });
  }
  add({ kind: 'text', text: template.slice(done) });
  return parts;
}

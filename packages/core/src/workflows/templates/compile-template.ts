import { Context, type LiquidError, type Template, toValueSync, type Variable } from 'liquidjs';
import { nearestName } from '../../kernel/index.ts';
import type { TextPosition } from '../validation/workflow-problem.ts';
import type { Reference } from '../values/reference.ts';
import { filterNames, tagNames, templateEngine } from './template-engine.ts';

export interface TemplateProblem {
  readonly message: string;
  readonly position: TextPosition;
  readonly suggestion: string;
}

export interface CompiledTemplate {
  readonly references: readonly Reference[];
  /** Characters that stand in it whatever the context holds. */
  readonly literalText: string;
  /** Throws {@link TemplateFailed}. */
  render(context: Readonly<Record<string, unknown>>, limits?: Partial<TemplateLimits>): string;
}

export type TemplateResult =
  | { readonly isValid: true; readonly template: CompiledTemplate }
  | { readonly isValid: false; readonly problem: TemplateProblem };

/** A template broke a limit or met a value that it cannot take. The message is for people. */
export class TemplateFailed extends Error {
  override readonly name = 'TemplateFailed';
}

export interface TemplateLimits {
  readonly outputCharacters: number;
  /** Pieces written; a loop writes at least one each time round, unless its body is empty. */
  readonly writes: number;
  /** Looked at between pieces: what takes its time inside one filter has to be killed from outside. */
  readonly renderMs: number;
}

export const defaultTemplateLimits: TemplateLimits = { outputCharacters: 1_000_000, writes: 200_000, renderMs: 1_000 };

/** Reads a template and finds out what it looks at. Never throws. */
export function compileTemplate(source: string): TemplateResult {
  try {
    const parsed = templateEngine.parse(source);
    const { globals } = templateEngine.analyzeSync(parsed, { partials: false });
    const references = Object.values(globals).flatMap((variables) => variables.map(toReference));
    const render = (context: Readonly<Record<string, unknown>>, limits: Partial<TemplateLimits> = {}) =>
      renderTemplate(parsed, context, { ...defaultTemplateLimits, ...limits });
    const literalText = literalTextOf(source);
    return { isValid: true, template: { references: sortByPlace(references), literalText, render } };
  } catch (error) {
    return { isValid: false, problem: explain(error) };
  }
}

function renderTemplate(
  parsed: Template[],
  context: Readonly<Record<string, unknown>>,
  { outputCharacters, writes, renderMs }: TemplateLimits,
): string {
  const pieces: string[] = [];
  let characters = 0;
  const emitter = {
    get buffer() {
      return '';
    },
    write(value: unknown) {
      const text = String(value ?? '');
      characters += text.length;
      pieces.push(text);
      if (characters > outputCharacters)
        throw new TemplateFailed(`The text has more than ${outputCharacters} characters.`);
      if (pieces.length > writes) throw new TemplateFailed(`The template writes more than ${writes} pieces.`);
    },
  };
  try {
    const scope = new Context(context, templateEngine.options, { sync: true, renderLimit: renderMs });
    toValueSync(templateEngine.renderer.renderTemplates(parsed, scope, emitter as never));
    return pieces.join('');
  } catch (error) {
    const cause = (error as { originalError?: unknown }).originalError;
    if (error instanceof TemplateFailed) throw error;
    if (cause instanceof TemplateFailed) throw cause;
    const { message, position } = explain(error);
    throw new TemplateFailed(`${message} (line ${position.line}, column ${position.column} of the template)`, {
      cause: error,
    });
  }
}

/** What stands outside of `{{ … }}` and `{% … %}`. In one pass: a pattern would take a square of the length. */
function literalTextOf(source: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    const open = source.slice(at).search(/\{[{%]/);
    if (open < 0) break;
    const start = at + open;
    const end = source.indexOf(source[start + 1] === '{' ? '}}' : '%}', start + 2);
    if (end < 0) break;
    pieces.push(source.slice(at, start));
    at = end + 2;
  }
  return [...pieces, source.slice(at)].join('');
}

function toReference({ segments, location }: Variable): Reference {
  const path = segments.map((segment) => (typeof segment === 'object' ? undefined : segment));
  return { path, position: { line: location.row, column: location.col } };
}

const sortByPlace = (references: readonly Reference[]) =>
  references.toSorted((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);

function explain(error: unknown): TemplateProblem {
  const { token } = error as Partial<LiquidError> & { token?: { getPosition?: () => [number, number] } };
  const [line = 1, column = 1] = token?.getPosition?.() ?? [];
  const raw = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'The template cannot be read.';
  const message = raw.replace(/, line:\d+, col:\d+$/, '').replace(/, file:.*$/, '');
  return { message: sentence(message), position: { line, column }, suggestion: suggest(message) };
}

function suggest(message: string): string {
  const [, kind, name = ''] = /^(?:undefined (filter): (\S+)|tag "?(\S+?)"? not found)/.exec(message) ?? [];
  const tag = /tag "?([^"\s]+)"? not found/.exec(message)?.[1];
  const known = kind === 'filter' ? filterNames : tagNames;
  const wanted = kind === 'filter' ? name : tag;
  if (wanted === undefined) return 'Look at brackets, quotes and what stands before this place.';
  const near = nearestName(wanted, known);
  return near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean ${near}?`;
}

const sentence = (text: string) => {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
};

import { compileExpression, type ExpressionResult } from '../expressions/compile-expression.ts';
import type { ExpressionScope } from '../expressions/expression-environment.ts';
import { compileTemplate, type TemplateResult } from '../templates/compile-template.ts';

/** Compiled texts are kept, because one is needed for every call of a run; the oldest leave first. */
class CompiledTexts<Value> {
  readonly #kept = new Map<string, Value>();
  #characters = 0;

  get(key: string, compile: () => Value): Value {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = compile();
    this.#kept.set(key, made);
    this.#characters += key.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept && this.#characters <= mostCharacters) break;
      this.#kept.delete(oldest);
      this.#characters -= oldest.length;
    }
    return made;
  }
}

const mostKept = 2_000;
const mostCharacters = 5_000_000;
const templates = new CompiledTexts<TemplateResult>();
const expressions = new CompiledTexts<ExpressionResult>();

/** Like {@link compileTemplate}, remembering what was compiled before. */
export function cachedTemplate(source: string): TemplateResult {
  return templates.get(source, () => compileTemplate(source));
}

/** Like {@link compileExpression}, remembering what was compiled before. */
export function cachedExpression(source: string, scope: ExpressionScope): ExpressionResult {
  return expressions.get(`${scope}:${source}`, () => compileExpression(source, scope));
}

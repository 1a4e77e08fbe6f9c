import { compileExpression, type ExpressionResult } from '../expressions/compile-expression.ts';
import type { ExpressionScope } from '../expressions/expression-environment.ts';
import { compileTemplate, type TemplateResult } from '../templates/compile-template.ts';

/** Compiled texts are kept, because one is needed for every call of a run; the oldest leave first. */
const mostKept = 2_000;
const templates = new Map<string, TemplateResult>();
const expressions = new Map<string, ExpressionResult>();

/** Like {@link compileTemplate}, remembering what was compiled before. */
export function cachedTemplate(source: string): TemplateResult {
  return remember(templates, source, () => compileTemplate(source));
}

/** Like {@link compileExpression}, remembering what was compiled before. */
export function cachedExpression(source: string, scope: ExpressionScope): ExpressionResult {
  return remember(expressions, `${scope}:${source}`, () => compileExpression(source, scope));
}

function remember<Value>(kept: Map<string, Value>, key: string, make: () => Value): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (kept.size >= mostKept) {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }
  kept.set(key, made);
  return made;
}

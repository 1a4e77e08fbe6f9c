export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [name: string]: Json;
}
export type Path = readonly (string | number)[];

export const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a place; undefined when there is none. */
export function readAt(value: Json | undefined, path: Path): Json | undefined {
  let found: Json | undefined = value;
  for (const part of path) {
    if (Array.isArray(found)) found = (found as readonly Json[])[Number(part)];
    else if (isMap(found)) found = Object.hasOwn(found, String(part)) ? found[String(part)] : undefined;
    else return undefined;
  }
  return found;
}

/** A copy with another value at a place; undefined takes it away. Maps on the way are made where there are none. */
export function writeAt(value: Json | undefined, path: Path, next: Json | undefined): Json {
  const [part, ...rest] = path;
  if (part === undefined) return next ?? null;
  if (typeof part === 'number') {
    const list = Array.isArray(value) ? [...(value as readonly Json[])] : [];
    if (rest.length === 0 && next === undefined) list.splice(part, 1);
    else list[part] = writeAt(list[part], rest, next);
    return list;
  }
  const map: Record<string, Json> = isMap(value) ? { ...value } : {};
  if (rest.length > 0 || next !== undefined) map[part] = writeAt(map[part], rest, next);
  else delete map[part];
  return map;
}

export interface VariantView {
  readonly key: string;
  readonly name: string | undefined;
  readonly model: string | undefined;
  readonly workflow: { readonly name: string; readonly version: number } | undefined;
}

const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The variants as far as they can be read; one that is no map is left out. */
export function variantsOf(definition: unknown): readonly VariantView[] {
  const list = isMap(definition) ? definition.variants : undefined;
  if (!Array.isArray(list)) return [];
  return (list as readonly Json[]).filter(isMap).map((variant) => ({
    key: text(variant.key) ?? '',
    name: text(variant.name),
    model: text(variant.model),
    workflow: isMap(variant.workflow)
      ? { name: text(variant.workflow.name) ?? '', version: Number(variant.workflow.version) || 1 }
      : undefined,
  }));
}

/** Who answers, in words: `openai/gpt-4o-mini`, `workflow triage v3`. */
export function answererOf({ model, workflow }: VariantView): string {
  return workflow ? `workflow ${workflow.name} v${workflow.version}` : (model ?? 'as the step has it');
}

export interface Goal {
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  readonly margin: number;
}

const lowerIsBetter: ReadonlySet<string> = new Set(['costUsd', 'latencyMs', 'timeToFirstTokenMs', 'outputTokens']);

/** Which way is good unless the test says otherwise. */
export const usualDirection = (metric: string): 'higher' | 'lower' => (lowerIsBetter.has(metric) ? 'lower' : 'higher');

function goalOf(value: Json | undefined): Goal | undefined {
  if (!isMap(value)) return undefined;
  const metric = text(value.metric);
  if (metric === undefined) return undefined;
  const better = value.better === 'higher' || value.better === 'lower' ? value.better : usualDirection(metric);
  return { metric, better, margin: typeof value.margin === 'number' ? value.margin : 0 };
}

/** The primary goal first, then the guardrails, as far as they can be read. */
export function goalsOf(definition: unknown): {
  readonly primary: Goal | undefined;
  readonly guardrails: readonly Goal[];
} {
  if (!isMap(definition)) return { primary: undefined, guardrails: [] };
  const guardrails = Array.isArray(definition.guardrails) ? (definition.guardrails as readonly Json[]) : [];
  return { primary: goalOf(definition.primary), guardrails: guardrails.flatMap((each) => goalOf(each) ?? []) };
}

/** Scorers by id, in the order in which they were written. */
export function scorersOf(definition: unknown): readonly (readonly [id: string, scorer: JsonMap])[] {
  const scorers = isMap(definition) ? definition.scorers : undefined;
  if (!isMap(scorers)) return [];
  return Object.entries(scorers).flatMap(([id, scorer]) => (isMap(scorer) ? [[id, scorer] as const] : []));
}

export const hypothesisOf = (definition: unknown): string =>
  isMap(definition) && typeof definition.hypothesis === 'string' ? definition.hypothesis : '';

export const baselineOf = (definition: unknown): string =>
  isMap(definition) && typeof definition.baseline === 'string' ? definition.baseline : '';

/** The cap as it was written, for example `12.50`; undefined when there is none. */
export const capOf = (definition: unknown): string | undefined => {
  const caps = isMap(definition) ? definition.caps : undefined;
  return isMap(caps) ? text(caps.costUsd) : undefined;
};

/** The colour of a variant by its place; the shape of its mark says the same. */
export const variantColour = (definition: unknown, key: string): string => {
  const index = variantsOf(definition).findIndex((variant) => variant.key === key);
  return index < 0 ? 'var(--sy-muted)' : `var(--sy-id-${index % 8})`;
};

/** Whether a test splits live traffic in place of asking every item of every variant. */
export const isLiveSplit = (definition: unknown): boolean =>
  readAt(asMap(definition), ['source', 'type']) === 'live-split';

/** What a test counts: items, or users, sessions or runs of a live split. */
export function unitsOf(definition: unknown): string {
  const unit = readAt(asMap(definition), ['source', 'unit']);
  return isLiveSplit(definition) && typeof unit === 'string' ? `${unit}s` : 'items';
}

/** The planned users, sessions or runs of a live split. */
export function plannedUnitsOf(definition: unknown): number {
  const planned = readAt(asMap(definition), ['source', 'plannedUnits']);
  return typeof planned === 'number' ? planned : 0;
}

function asMap(value: unknown): JsonMap {
  return isMap(value) ? value : {};
}

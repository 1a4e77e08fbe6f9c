import { Liquid } from 'liquidjs';
import { registerFilters } from './template-filters.ts';

const allowedTags = new Set([
  ...['assign', 'capture', 'case', 'comment', 'raw', 'if', 'unless', 'for', 'break', 'continue', 'echo', '#'],
]);

/**
 * Built-in filters that stay: text, numbers and lists. Gone are those that look at the clock, at chance, at hashes of
 * secrets, that evaluate a text as an expression, or whose patterns can take a square of the text's length.
 */
const allowedFilters = new Set([
  ...['abs', 'append', 'at_least', 'at_most', 'capitalize', 'ceil', 'compact', 'concat', 'default', 'divided_by'],
  ...['downcase', 'escape', 'first', 'floor', 'join', 'last', 'lstrip', 'map', 'minus', 'modulo', 'newline_to_br'],
  ...['number_of_words', 'plus', 'prepend', 'remove', 'remove_first', 'replace', 'replace_first', 'reverse', 'round'],
  ...['rstrip', 'size', 'slice', 'sort', 'sort_natural', 'split', 'strip', 'strip_newlines'],
  ...['sum', 'times', 'truncate', 'truncatewords', 'uniq', 'upcase', 'where', 'normalize_whitespace', 'find'],
]);

/** Characters of template and of all that filters make; liquidjs counts them as it goes. */
const memoryLimit = 10_000_000;
const parseLimit = 200_000;

/** The engine of all templates: no files, no prototypes, nothing from outside of the context, bounded work. */
export const templateEngine: Liquid = createEngine();

/** Names that editors offer. */
export const tagNames: readonly string[] = [...allowedTags].filter((tag) => tag !== '#').sort();
export const filterNames: readonly string[] = Object.keys(templateEngine.filters).sort();

function createEngine(): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    dynamicPartials: false,
    relativeReference: false,
    // With a mapping of templates in place liquidjs never looks for files.
    templates: {},
    parseLimit,
    memoryLimit,
    outputEscape: writeValue,
  });
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.has(tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) if (!allowedFilters.has(filter)) engine.unregisterFilter(filter);
  registerFilters(engine);
  return engine;
}

/** Objects and lists are written as JSON; `[object Object]` in a prompt helps nobody. */
function writeValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

import { isMap, type Json, type Step } from './definition.ts';

/** A step that a text of another one looks at. */
export interface TextReference {
  readonly stepId: string;
  /** What of it flows: `output`, `output.title`, `modelOutputs`. */
  readonly flows: string;
  /** The field that says so, within the step: `prompt`, `cases[0].when`. */
  readonly field: string;
}

const expressionFields = new Set(['value', 'when', 'over', 'score', 'key', 'subject']);
const templateFields = new Set(['prompt', 'system', 'template', 'message', 'heading']);

type TextKind = 'template' | 'expression';

/** Every text of a step with its place. Lists and maps of the author's own (a JSON Schema) hold no texts. */
function* textsOf(value: Json | undefined, path = ''): Generator<{ path: string; kind: TextKind; text: string }> {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* textsOf(each as Json, `${path}[${index}]`);
    return;
  }
  if (!isMap(value)) return;
  for (const [name, each] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (typeof each === 'string') {
      const kind = expressionFields.has(name) ? 'expression' : templateFields.has(name) ? 'template' : undefined;
      if (kind) yield { path: place, kind, text: each };
    } else if (name === 'cases' || name === 'do') yield* textsOf(each, place);
  }
}

const texts = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const reference = /(?<![\w.\]])(steps)(\.([A-Za-z]\w*)|\[\s*["']([A-Za-z]\w*)["']\s*\])((?:\.[A-Za-z_]\w*(?![\w(]))*)/g;
const programs = /\{\{[\s\S]*?(?:\}\}|$)|\{%[\s\S]*?(?:%\}|$)/g;

/** The parts of a text that are program and not prose: all of an expression, the tags of a template. */
function eachProgram(text: string, kind: TextKind, change: (program: string) => string): string {
  return kind === 'expression' ? change(text) : text.replace(programs, change);
}

/** Applies `change` to what looks like `steps.<id>…`, leaving texts in quotes alone. */
function eachReference(program: string, change: (match: RegExpExecArray) => string): string {
  const blank = program.replace(texts, (quoted, at: number) =>
    /\[\s*$/.test(program.slice(0, at)) ? quoted : quoted.replace(/[^"']/g, ' '),
  );
  let made = '';
  let done = 0;
  for (const match of blank.matchAll(reference)) {
    made += program.slice(done, match.index) + change(match as RegExpExecArray);
    done = match.index + match[0].length;
  }
  return made + program.slice(done);
}

/** Steps that the texts of `step` look at, each field and each way once, in the order in which they stand. */
export function referencesOf(step: Step): readonly TextReference[] {
  const found = new Map<string, TextReference>();
  for (const { path, kind, text } of textsOf(step)) {
    eachProgram(text, kind, (program) =>
      eachReference(program, (match) => {
        const stepId = match[3] ?? match[4] ?? '';
        const flows = (match[5] ?? '').slice(1) || 'output';
        found.set(`${stepId} ${flows} ${path}`, { stepId, flows, field: path });
        return match[0];
      }),
    );
  }
  return [...found.values()];
}

/** Names of inputs that the texts of `step` look at. */
export function inputsOf(step: Step): readonly string[] {
  const found = new Set<string>();
  for (const { kind, text } of textsOf(step)) {
    eachProgram(text, kind, (program) => {
      for (const [, plain, quoted] of program.matchAll(
        /(?<![\w.\]])inputs(?:\.([A-Za-z]\w*)|\[\s*["'](\w+)["']\s*\])/g,
      ))
        found.add(plain ?? quoted ?? '');
      return program;
    });
  }
  return [...found];
}

/** `step` with an input under another name in its texts. */
export function renameInput(step: Step, name: string, next: string): Step {
  const mention = new RegExp(`(?<![\\w.\\]])inputs\\.${name}(?!\\w)`, 'g');
  return changeTexts(step, (text, kind) =>
    eachProgram(text, kind, (program) => program.replace(mention, `inputs.${next}`)),
  ) as Step;
}

/** `step` with other ids in its texts: `steps.plan.output` becomes `steps.draft.output`. Prose and quotes stay. */
export function renameInTexts(step: Step, names: ReadonlyMap<string, string>): Step {
  return changeTexts(step, (text, kind) => renameInText(text, kind, names)) as Step;
}

function changeTexts(value: Json, change: (text: string, kind: TextKind) => string): Json {
  if (Array.isArray(value)) return value.map((each) => changeTexts(each as Json, change));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]): [string, Json | undefined] => {
      if (typeof each === 'string') {
        const kind = expressionFields.has(name) ? 'expression' : templateFields.has(name) ? 'template' : undefined;
        return [name, kind ? change(each, kind) : each];
      }
      return [name, each !== undefined && (name === 'cases' || name === 'do') ? changeTexts(each, change) : each];
    }),
  );
}

/** One text with other step ids. */
export function renameInText(text: string, kind: TextKind, names: ReadonlyMap<string, string>): string {
  return eachProgram(text, kind, (program) =>
    eachReference(program, (match) => {
      const next = names.get(match[3] ?? match[4] ?? '');
      if (next === undefined) return match[0];
      return match[3] === undefined ? `steps["${next}"]${match[5]}` : `steps.${next}${match[5]}`;
    }),
  );
}

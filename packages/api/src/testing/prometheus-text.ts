/** One line of Prometheus text. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as a scraper reads it. */
export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const labelPattern = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"/;

/**
 * Reads the text format 0.0.4 after its specification, more strictly than scrapers do: it throws for everything that they
 * would refuse, and for what they would take and `promtool check metrics` would warn of.
 */
export function parsePrometheusText(text: string): ReadonlyMap<string, ParsedFamily> {
  if (text !== '' && !text.endsWith('\n')) throw new Error('The last line has no end.');
  const families = new Map<string, { name: string; type: string; help: string; samples: ParsedSample[] }>();
  const seen = new Set<string>();
  let current: ReturnType<typeof families.get>;
  let help: { name: string; text: string } | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const helpLine = /^# HELP (\S+) (.+)$/.exec(line);
    if (helpLine) {
      help = { name: helpLine[1] ?? '', text: helpLine[2] ?? '' };
      continue;
    }
    const typeLine = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (typeLine) {
      const [, name = '', type = ''] = typeLine;
      if (families.has(name)) throw new Error(`${name} comes twice.`);
      if (help?.name !== name) throw new Error(`${name} has no help before its type.`);
      current = { name, type, help: help.text, samples: [] };
      families.set(name, current);
      continue;
    }
    if (line.startsWith('#')) throw new Error(`An unknown comment: ${line}`);
    const sample = parseSample(line);
    if (!current || !belongsTo(sample.name, current)) throw new Error(`${sample.name} stands outside its family.`);
    const key = line.slice(0, line.lastIndexOf(' '));
    if (seen.has(key)) throw new Error(`${key} comes twice.`);
    seen.add(key);
    if (current.type === 'counter' && !(sample.value >= 0)) throw new Error(`${key} is a counter below zero.`);
    current.samples.push(sample);
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family);
  return families;
}

function parseSample(line: string): ParsedSample {
  const name = namePattern.exec(line)?.[0];
  if (name === undefined) throw new Error(`No metric: ${line}`);
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    while (!rest.startsWith('}')) {
      const found = labelPattern.exec(rest);
      if (!found) throw new Error(`Wrong labels: ${line}`);
      const [all, label = '', value = ''] = found;
      if (label in labels) throw new Error(`The label ${label} comes twice: ${line}`);
      labels[label] = value.replace(/\\(.)/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped));
      rest = rest.slice(all.length);
      if (rest.startsWith(',')) rest = rest.slice(1);
      else if (!rest.startsWith('}')) throw new Error(`Wrong labels: ${line}`);
    }
    rest = rest.slice(1);
  }
  const number = /^ (NaN|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/.exec(rest)?.[1];
  if (number === undefined) throw new Error(`No number: ${line}`);
  const value = number.endsWith('Inf') ? Number(`${number}inity`) : Number(number);
  return { name, labels, value };
}

function belongsTo(name: string, family: { readonly name: string; readonly type: string }): boolean {
  if (family.type !== 'histogram' && family.type !== 'summary') return name === family.name;
  const rest = name.startsWith(family.name) ? name.slice(family.name.length) : undefined;
  if (rest === undefined) return false;
  return ['_sum', '_count', family.type === 'histogram' ? '_bucket' : ''].includes(rest);
}

function checkHistogram({ name, samples }: ParsedFamily): void {
  const series = Map.groupBy(samples, ({ labels: { le: _le, ...rest } }) =>
    JSON.stringify(Object.entries(rest).sort()),
  );
  for (const [key, own] of series) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number((labels.le ?? '').replace('+Inf', 'Infinity')));
    const counts = buckets.map(({ value }) => value);
    const isRising = (values: readonly number[], isStrict: boolean) =>
      values.every(
        (value, index) => index === 0 || value > (values[index - 1] ?? 0) || (!isStrict && value === values[index - 1]),
      );
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    const sum = own.find((sample) => sample.name === `${name}_sum`)?.value;
    if (!isRising(bounds, true) || bounds.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`${name}${key}: buckets`);
    if (!isRising(counts, false) || counts.at(-1) !== count) throw new Error(`${name}${key}: counts`);
    if (sum === undefined || Number.isNaN(sum)) throw new Error(`${name}${key}: no sum`);
  }
}

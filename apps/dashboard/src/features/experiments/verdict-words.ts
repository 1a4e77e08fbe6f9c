import { formatUsd } from '../../format/number-format.ts';
import { differenceWords, metricName, rangeWords } from './metric-words.ts';

export type Tone = 'good' | 'bad' | 'neutral' | 'running';

export interface Verdict {
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
}

interface Effect {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface JudgedVariant {
  readonly variant: string;
  /** `wins`, `harmed`, `futile` or `open`. */
  readonly verdict: string;
  readonly effect: Effect | null;
  readonly cannotTell: string | null;
}

export interface JudgedTest {
  readonly state: string;
  readonly stopReason: string | null;
  readonly stopMessage: string | null;
  readonly winner: string | null;
  readonly baseline: string;
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  readonly margin: number;
  /** What is counted: items, users, … */
  readonly units: string;
  readonly items: number;
  readonly plannedItems: number;
  readonly spentUsd: string;
  readonly isBroken: boolean;
  readonly variants: readonly JudgedVariant[];
}

const betterWords = (metric: string, better: 'higher' | 'lower'): string => {
  switch (metric) {
    case 'costUsd':
      return 'is cheaper';
    case 'latencyMs':
      return 'answers faster';
    case 'timeToFirstTokenMs':
      return 'begins to answer sooner';
    case 'outputTokens':
      return better === 'lower' ? 'writes less' : 'writes more';
    case 'success':
      return 'answers more reliably';
    default:
      return 'answers better';
  }
};

const intervalWords = (metric: string, { low, high }: Effect): string =>
  `between ${rangeWords(metric, low, high, 'and')}`;

/** What a test has shown, in one sentence and the numbers behind it. Claims nothing that its intervals do not carry. */
export function verdictOf(test: JudgedTest): Verdict {
  const { state, stopReason, metric, better, margin, baseline, items, plannedItems, units } = test;
  const count = `${items} of ${plannedItems} ${units}`;
  if (test.isBroken && state === 'ended') {
    return {
      tone: 'bad',
      title: 'Nothing can be concluded: the variants were not treated alike',
      detail: `They have unequal numbers of clean answers after ${count}. Look at Health, then repeat the test.`,
    };
  }
  const won = test.variants.find(({ variant }) => variant === test.winner);
  if (won) {
    const numbers = won.effect
      ? `${metricName(metric)} ${differenceWords(metric, won.effect.estimate)}, ${intervalWords(metric, won.effect)}; ${count}.`
      : `${count}.`;
    const title =
      margin > 0 ? `${won.variant} is not worse than ${baseline}` : `${won.variant} ${betterWords(metric, better)}`;
    const within =
      margin > 0 ? ` The test allowed a loss of ${differenceWords(metric, margin).replace(/^[+−]/, '')}.` : '';
    return { tone: 'good', title, detail: capital(numbers) + within };
  }
  if (stopReason === 'harm') {
    const worst = test.variants.find(({ effect }) => effect);
    const only = test.variants.length === 1 && worst ? `${worst.variant} is worse` : 'Every other variant is worse';
    return { tone: 'bad', title: `Keep ${baseline}: ${lower(only)}`, detail: `${leadWords(test)} ${capital(count)}.` };
  }
  if (stopReason === 'futility') {
    return {
      tone: 'neutral',
      title: `Keep ${baseline}: no effect that would matter can still show`,
      detail: `${leadWords(test)} Stopped early after ${count} to save the rest of the money.`,
    };
  }
  if (state === 'running') {
    return { tone: 'running', title: `Running: ${count} are in`, detail: leadWords(test) };
  }
  const why =
    stopReason === 'budget'
      ? `the money was used up (${formatUsd(test.spentUsd)})`
      : stopReason === 'stopped'
        ? 'it was stopped by hand'
        : stopReason === 'failed'
          ? (test.stopMessage ?? 'something failed').replace(/\.$/, '')
          : `all ${units} are in and no difference is shown for sure`;
  return { tone: 'neutral', title: `Cannot tell yet: ${lower(why)}`, detail: `${leadWords(test)} ${capital(count)}.` };
}

/** Where the variant that stands best is now. */
function leadWords({ variants, metric, better }: JudgedTest): string {
  const sign = better === 'lower' ? -1 : 1;
  const known = variants.flatMap(({ variant, effect }) => (effect ? [{ variant, effect }] : []));
  const lead = known.toSorted((a, b) => sign * (b.effect.estimate - a.effect.estimate))[0];
  if (!lead) return variants.find(({ cannotTell }) => cannotTell)?.cannotTell ?? 'Nothing is known yet.';
  const { variant, effect } = lead;
  const holdsZero = effect.low <= 0 && effect.high >= 0;
  const so = holdsZero ? 'zero is inside, so this may be chance' : 'zero is outside';
  return `So far ${variant} is at ${differenceWords(metric, effect.estimate)} ${metricName(metric)}, ${intervalWords(metric, effect)}: ${so}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

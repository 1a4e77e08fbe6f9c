import type { Random } from '../../kernel/index.ts';
import {
  type AlphaEstimate,
  bootstrapInterval,
  type CannotTell,
  cannotTell,
  cohenKappa,
  type Interval,
  krippendorffAlpha,
  type ProportionEstimate,
  proportionInterval,
} from '../../stats/index.ts';

/** Agreement of a judge with people, on the answers that both judged. */
export interface Agreement {
  /** Ratings of single answers, or votes on pairs. */
  readonly basis: 'ratings' | 'votes';
  /** Answers or pairs that both judged. */
  readonly n: number;
  /** Words of people on them. */
  readonly judgements: number;
  /** Cohen's kappa of the judge and the mean of the people; near misses count less for ratings (quadratic weights). */
  readonly kappa: KappaEstimate | CannotTell;
  /** Krippendorff's alpha of the same two, ordinal. */
  readonly alpha: AlphaEstimate | CannotTell;
  /** How often both chose the same place, with Wilson's interval. */
  readonly shareAgreed: ProportionEstimate | CannotTell;
  /** Krippendorff's alpha of the people among themselves: more than that nobody can ask of a judge. */
  readonly peopleAlpha: AlphaEstimate | CannotTell;
}

export interface KappaEstimate {
  readonly kind: 'kappa';
  readonly estimate: number;
  /** Percentile bootstrap over items. */
  readonly interval: Interval | undefined;
}

/** Below this many nothing is said. */
export const fewestJudged = 20;
/** Fewer for many: their intervals are narrow anyway. */
const resamplesFor = (count: number) => Math.max(100, Math.min(400, Math.floor(400_000 / count)));

interface JudgedTwice {
  readonly unit: string;
  readonly judge: number;
  readonly people: readonly number[];
}

/**
 * How well the judge agrees with people. Values of 0 to 1 are put on `places` places. One entry for each answer or pair:
 * people count as their mean, so that an answer with many words does not count more. Intervals resample whole items.
 */
export function agreementOf(
  facts: readonly JudgedTwice[],
  { basis, places, random }: { readonly basis: Agreement['basis']; readonly places: number; readonly random: Random },
): Agreement {
  const both = facts.filter(({ people }) => people.length > 0);
  const judgements = both.reduce((sum, { people }) => sum + people.length, 0);
  const counts = { basis, n: both.length, judgements };
  if (both.length < fewestJudged) {
    const what = basis === 'ratings' ? 'answers' : 'pairs';
    const missing = fewestJudged - both.length;
    const message = `Too few to tell: people have judged ${both.length} ${what} of this judge; ${missing} more are needed.`;
    const tooFew = cannotTell('too-few', message);
    return { ...counts, kappa: tooFew, alpha: tooFew, shareAgreed: tooFew, peopleAlpha: tooFew };
  }
  const place = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * (places - 1));
  const entries = both.map(({ unit, judge, people }) => ({
    unit,
    judge: place(judge),
    people: place(people.reduce((sum, each) => sum + each, 0) / people.length),
    each: people.map(place),
  }));
  const units = [...Map.groupBy(entries, ({ unit }) => unit).values()];
  const agreed = entries.filter(({ judge, people }) => judge === people).length;
  return {
    ...counts,
    kappa: kappaOf(units, places, basis, random),
    alpha: alphaOf(units, ({ judge, people }) => [judge, people], random),
    shareAgreed: proportionInterval(agreed, entries.length),
    peopleAlpha: alphaOf(units, ({ each }) => each, random),
  };
}

interface Entry {
  readonly judge: number;
  readonly people: number;
  readonly each: readonly number[];
}

function kappaOf(
  units: readonly (readonly Entry[])[],
  places: number,
  basis: Agreement['basis'],
  random: Random,
): KappaEstimate | CannotTell {
  const categories = Array.from({ length: places }, (_, index) => String(index));
  const kappa = (sample: readonly (readonly Entry[])[]) =>
    cohenKappa(
      sample.flat().map(({ judge, people }) => ({ left: String(judge), right: String(people) })),
      categories,
      { weights: basis === 'ratings' && places > 2 ? 'quadratic' : 'none' },
    );
  const whole = kappa(units);
  // Without any difference between the two the error of kappa is zero, and kappa is one all the same.
  const isPerfect = units.flat().every(({ judge, people }) => judge === people);
  if (whole.kind === 'cannot-tell' && !(whole.reason === 'zero-variance' && isPerfect && spreads(units))) return whole;
  const statistic = (sample: readonly (readonly Entry[])[]) => {
    const each = kappa(sample);
    return each.kind === 'estimate' ? each.estimate : 1;
  };
  const interval = bootstrapInterval(units, statistic, {
    method: 'percentile',
    random,
    resamples: resamplesFor(units.length),
  });
  return {
    kind: 'kappa',
    estimate: whole.kind === 'estimate' ? whole.estimate : 1,
    interval: interval.kind === 'bootstrap' ? interval.interval : undefined,
  };
}

const spreads = (units: readonly (readonly Entry[])[]): boolean =>
  new Set(units.flat().map(({ judge }) => judge)).size > 1;

function alphaOf(
  units: readonly (readonly Entry[])[],
  read: (entry: Entry) => readonly number[],
  random: Random,
): AlphaEstimate | CannotTell {
  const whole = krippendorffAlpha(units.flat().map(read), 'ordinal');
  if (whole.kind === 'cannot-tell') return whole;
  const statistic = (sample: readonly (readonly Entry[])[]) => {
    const each = krippendorffAlpha(sample.flat().map(read), 'ordinal');
    return each.kind === 'alpha' ? each.estimate : 1;
  };
  const interval = bootstrapInterval(units, statistic, {
    method: 'percentile',
    random,
    resamples: resamplesFor(units.length),
  });
  return { ...whole, interval: interval.kind === 'bootstrap' ? interval.interval : undefined };
}

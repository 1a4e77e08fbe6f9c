import { adjustPValues, type CannotTell, type Difference, testMargin } from '../stats/index.ts';
import { type MeasuredCriterion, measureCriterion, type ReportCriterion, reportCriteria } from './measure-criteria.ts';
import type { ReportSubject } from './report-subject.ts';

/** Places that the data leave open: 1 and 1 is the first for sure, 1 and 2 one of the first two. */
export interface RankRange {
  readonly best: number;
  readonly worst: number;
}

export interface CriterionResult {
  readonly criterion: ReportCriterion;
  readonly measured: MeasuredCriterion | CannotTell;
  /** Undefined for what cannot be told. */
  readonly rank: RankRange | undefined;
}

export interface ComparedSubject {
  readonly subject: ReportSubject;
  readonly criteria: readonly CriterionResult[];
  /** Among all, see {@link compareSubjects}; undefined where no criterion could be told. */
  readonly overall: RankRange | undefined;
}

/** One subject is surely better than another by one criterion. */
export interface SureDifference {
  readonly criterion: ReportCriterion;
  readonly better: string;
  readonly worse: string;
  /** Adjusted for all pairs of the criterion. */
  readonly pValue: number;
}

export interface SubjectComparison {
  /** The best first; those whose overall places are equal in the order given. */
  readonly subjects: readonly ComparedSubject[];
  readonly differences: readonly SureDifference[];
}

const isLessBetter: Readonly<Record<ReportCriterion, boolean>> = {
  latency: true,
  cost: true,
  quality: false,
  reliability: false,
};
const alpha = 0.05;

/**
 * Which subjects differ, by each criterion. Every pair is tested, with Holm's correction over the pairs of a criterion; a
 * place range is 1 + those that are surely better to K − those that are surely worse (simultaneous rank sets, Mogstad,
 * Romano, Shaikh & Wilhelm 2024). Overall, A stands before B when it is surely better by a criterion and surely worse by none:
 * no weights, so what is cheaper but slower shares a place with what is faster but dearer.
 */
export function compareSubjects(subjects: readonly ReportSubject[]): SubjectComparison {
  const measured = new Map(
    reportCriteria.map((criterion) => [criterion, subjects.map((subject) => measureCriterion(subject, criterion))]),
  );
  const differences = reportCriteria.flatMap((criterion) =>
    findDifferences(criterion, subjects, measured.get(criterion)!),
  );
  const rankOf = (key: string, among: readonly string[], isBetter: (a: string, b: string) => boolean): RankRange => ({
    best: 1 + among.filter((other) => other !== key && isBetter(other, key)).length,
    worst: among.length - among.filter((other) => other !== key && isBetter(key, other)).length,
  });
  const isSure = (criterion: ReportCriterion) => (a: string, b: string) =>
    differences.some((each) => each.criterion === criterion && each.better === a && each.worse === b);
  const dominates = (a: string, b: string) =>
    reportCriteria.some((criterion) => isSure(criterion)(a, b)) &&
    !reportCriteria.some((criterion) => isSure(criterion)(b, a));
  const told = (index: number) => reportCriteria.some((name) => measured.get(name)![index]!.kind === 'measured');
  const anyTold = subjects.filter((_, index) => told(index)).map(({ key }) => key);
  const compared = subjects.map((subject, index): ComparedSubject => {
    const criteria = reportCriteria.map((criterion): CriterionResult => {
      const own = measured.get(criterion)!;
      const ranked = subjects.filter((_, other) => own[other]!.kind === 'measured').map(({ key }) => key);
      const isRanked = own[index]!.kind === 'measured';
      return {
        criterion,
        measured: own[index]!,
        rank: isRanked ? rankOf(subject.key, ranked, isSure(criterion)) : undefined,
      };
    });
    return { subject, criteria, overall: told(index) ? rankOf(subject.key, anyTold, dominates) : undefined };
  });
  const place = ({ overall }: ComparedSubject) => (overall ? overall.best + overall.worst : Number.POSITIVE_INFINITY);
  return {
    subjects: compared
      .map((one, index) => ({ one, index }))
      .sort((a, b) => (place(a.one) === place(b.one) ? a.index - b.index : place(a.one) - place(b.one)))
      .map(({ one }) => one),
    differences,
  };
}

function findDifferences(
  criterion: ReportCriterion,
  subjects: readonly ReportSubject[],
  measured: readonly (MeasuredCriterion | CannotTell)[],
): readonly SureDifference[] {
  const pairs: { readonly better: string; readonly worse: string; readonly pValue: number }[] = [];
  for (const [i, left] of measured.entries()) {
    for (const [j, right] of measured.entries()) {
      if (j <= i || left.kind !== 'measured' || right.kind !== 'measured') continue;
      const difference = differenceOf(left.test, right.test);
      const isRightBetter = isLessBetter[criterion] ? difference.estimate < 0 : difference.estimate > 0;
      const [better, worse] = isRightBetter ? [subjects[j]!, subjects[i]!] : [subjects[i]!, subjects[j]!];
      pairs.push({ better: better.key, worse: worse.key, pValue: twoSided(difference) });
    }
  }
  const adjusted = adjustPValues(
    pairs.map(({ pValue }) => pValue),
    'holm',
  );
  return pairs.flatMap(({ better, worse }, index) =>
    adjusted[index]! <= alpha ? [{ criterion, better, worse, pValue: adjusted[index]! }] : [],
  );
}

/** Variant minus baseline, with the degrees of freedom of Satterthwaite (1946). */
export function differenceOf(baseline: Difference, variant: Difference): Difference {
  const [left, right] = [baseline.standardError ** 2, variant.standardError ** 2];
  const total = left + right;
  const degreesOfFreedom =
    1 / ((left / total) ** 2 / baseline.degreesOfFreedom + (right / total) ** 2 / variant.degreesOfFreedom);
  return {
    estimate: variant.estimate - baseline.estimate,
    standardError: Math.sqrt(total),
    degreesOfFreedom: Number.isFinite(degreesOfFreedom) ? degreesOfFreedom : Number.POSITIVE_INFINITY,
  };
}

function twoSided(difference: Difference): number {
  if (difference.estimate === 0) return 1;
  const { passPValue, harmPValue } = testMargin(difference, { better: 'higher', margin: 0 });
  return Math.min(1, 2 * Math.min(passPValue, harmPValue));
}

import type { Agreement, PositionBias, SelfPreference } from '@switchyard/core/scoring';
import type { CannotTell, Interval } from '@switchyard/core/stats';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import type { ReportedJudge } from './report-judges.ts';

const inMemory = { field: 0, multiplier: 1 };

/** A figure with its interval, or why there is none. */
interface ShownFigure {
  readonly estimate: number | null;
  readonly interval: Interval | undefined;
  readonly cannotTell: string | null;
}

type Figure =
  | { readonly kind: string; readonly estimate: number; readonly interval: Interval | undefined }
  | CannotTell;

const shown = (figure: Figure): ShownFigure =>
  'message' in figure
    ? { estimate: null, interval: undefined, cannotTell: figure.message }
    : { estimate: figure.estimate, interval: figure.interval, cannotTell: null };

const FigureType = builder.objectRef<ShownFigure>('JudgeFigure').implement({
  description: 'A figure with its 95 % interval, or why it cannot be told.',
  fields: (t) => ({
    estimate: t.exposeFloat('estimate', { nullable: true, description: 'The figure; null when it cannot be told.' }),
    low: t.float({
      nullable: true,
      description: 'Lower end of the interval.',
      resolve: ({ interval }) => interval?.low ?? null,
    }),
    high: t.float({ nullable: true, description: 'Upper end.', resolve: ({ interval }) => interval?.high ?? null }),
    cannotTell: t.exposeString('cannotTell', {
      nullable: true,
      description: 'Why it cannot be told, and what would help.',
    }),
  }),
});

const AgreementType = builder.objectRef<Agreement>('JudgeAgreement').implement({
  description: 'How well a judge agrees with people on the answers that both judged.',
  fields: (t) => ({
    basis: t.exposeString('basis', { description: '`ratings` of single answers, or `votes` on pairs.' }),
    n: t.exposeInt('n', { description: 'Answers or pairs that both judged; below 20 nothing is told.' }),
    judgements: t.exposeInt('judgements', { description: 'Words of people on them.' }),
    kappa: t.field({
      type: FigureType,
      complexity: inMemory,
      description: "Cohen's kappa: 1 is perfect, 0 is chance. For ratings near misses count less.",
      resolve: ({ kappa }) => shown(kappa),
    }),
    alpha: t.field({
      type: FigureType,
      complexity: inMemory,
      description: "Krippendorff's alpha, ordinal.",
      resolve: ({ alpha }) => shown(alpha),
    }),
    shareAgreed: t.field({
      type: FigureType,
      complexity: inMemory,
      description: 'How often both chose the same place, 0 to 1.',
      resolve: ({ shareAgreed }) => shown(shareAgreed),
    }),
    peopleAlpha: t.field({
      type: FigureType,
      complexity: inMemory,
      description: 'How well people agree among themselves: more nobody can ask of a judge.',
      resolve: ({ peopleAlpha }) => shown(peopleAlpha),
    }),
  }),
});

const PositionBiasType = builder.objectRef<PositionBias>('JudgePositionBias').implement({
  description: 'Whether a pairwise judge sees the place instead of the answer.',
  fields: (t) => ({
    pairs: t.exposeInt('pairs', { description: 'Pairs that it judged in both orders.' }),
    changed: t.field({
      type: FigureType,
      complexity: inMemory,
      description: 'How often its verdict changed with the order, 0 to 1.',
      resolve: ({ changed }) => shown(changed),
    }),
    firstPlace: t.field({
      type: FigureType,
      complexity: inMemory,
      description: 'Of the pairs where one place won in both orders: how often it was the first, 0 to 1.',
      resolve: ({ firstPlace }) => shown(firstPlace),
    }),
    pValue: t.float({
      nullable: true,
      description: 'Exact, of "neither place is preferred"; null below 20 pairs.',
      resolve: ({ pValue }) => pValue ?? null,
    }),
    isBiased: t.exposeBoolean('isBiased', { description: 'Whether it prefers a place.' }),
  }),
});

const SelfPreferenceType = builder.objectRef<SelfPreference>('JudgeSelfPreference').implement({
  description: 'Whether a judge likes what its own model or vendor wrote more than people do.',
  fields: (t) => ({
    ownVerdicts: t.exposeInt('ownVerdicts', { description: 'Verdicts on answers of its own model or vendor.' }),
    otherVerdicts: t.exposeInt('otherVerdicts', { description: 'Verdicts on answers of others.' }),
    ownMean: t.float({
      nullable: true,
      description: 'Its mean score for its own kind, or the share of the pairs that its own kind won.',
      resolve: ({ ownMean }) => ownMean ?? null,
    }),
    otherMean: t.float({
      nullable: true,
      description: 'The same for others.',
      resolve: ({ otherMean }) => otherMean ?? null,
    }),
    excess: t.field({
      type: FigureType,
      complexity: inMemory,
      description: 'How much more it likes its own kind than people do, in scores of 0 to 1.',
      resolve: ({ excess }) => shown(excess),
    }),
    isFlagged: t.exposeBoolean('isFlagged', { description: 'The interval of the excess lies above zero.' }),
  }),
});

export const JudgeReportType = builder.objectRef<ReportedJudge>('JudgeReport').implement({
  description: 'A judge measured against people.',
  fields: (t) => ({
    scorer: t.exposeString('scorer', { description: 'Its id in the test, or the name of the saved judge.' }),
    model: t.exposeString('model', { description: 'The model that judges.' }),
    savedScorerId: t.id({
      nullable: true,
      description: 'The saved judge that it is a copy of.',
      resolve: ({ savedId }) => (savedId === undefined ? null : encodeId('SavedScorer', savedId)),
    }),
    type: t.string({ description: '`rubric` or `pairwise`.', resolve: ({ report }) => report.type }),
    tests: t.exposeInt('tests', { description: 'Tests that this rests on.' }),
    verdicts: t.int({ description: 'Verdicts in all.', resolve: ({ report }) => report.verdicts }),
    agreements: t.field({
      type: [AgreementType],
      complexity: inMemory,
      description: 'With ratings and with votes of people.',
      resolve: ({ report }) => [...report.agreements],
    }),
    positionBias: t.field({
      type: PositionBiasType,
      complexity: inMemory,
      nullable: true,
      description: 'Of a pairwise judge.',
      resolve: ({ report }) => report.positionBias ?? null,
    }),
    selfPreference: t.field({
      type: SelfPreferenceType,
      complexity: inMemory,
      description: 'For its own model or vendor.',
      resolve: ({ report }) => report.selfPreference,
    }),
    words: t.stringList({
      description: 'What to make of it, the gravest first.',
      resolve: ({ report }) => [...report.words],
    }),
  }),
});

/*
 * How good an answer is: checks that need no model, and models as judges. Pure; whoever calls the judge gives its answer.
 */
export { type Agreement, fewestJudged, type KappaEstimate } from './judge/agreement.ts';
export { buildPairCall, buildRubricCall, type JudgeCall } from './judge/build-judge-call.ts';
export { combinePairVerdicts, type JudgedPair } from './judge/combine-pair-verdicts.ts';
export type { PositionBias } from './judge/find-position-bias.ts';
export type { SelfPreference } from './judge/find-self-preference.ts';
export { type Judge, type JudgedTask, judgeSchema, type PairwiseJudge, type RubricJudge } from './judge/judge.ts';
export { choiceAgreement, type JudgedByBoth, type PairOutcome, scoreAgreement } from './judge/judge-agreement.ts';
export type { JudgeFacts, PairFact, ScaleFact } from './judge/judge-fact.ts';
export { type JudgeReport, reportJudge } from './judge/judge-report.ts';
export { type JudgeAnswer, type PairVerdict, readPairVerdict, readRubricVerdict } from './judge/read-verdict.ts';
export { type JudgeKinship, judgeKinship } from './judge/self-preference.ts';
export { compilePattern, matchPattern, type SafePattern } from './pattern/match-pattern.ts';
export { PatternProblem } from './pattern/pattern-problem.ts';
export {
  type CannotScore,
  type CannotScoreReason,
  cannotScore,
  cannotScoreReasons,
  type Score,
  type Scored,
  scored,
} from './score.ts';
export { type SchemaCheck, type ScoredAnswer, scoreAnswer } from './score-answer.ts';
export { type HeuristicScorer, type HeuristicScorerType, heuristicScorerSchema } from './scorer.ts';

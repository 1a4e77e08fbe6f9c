import { splitModelId } from '../../catalog/index.ts';
import { canonicalJson } from '../definition/canonical-form.ts';
import { cachedExpression, cachedTemplate } from '../definition/compile-text.ts';
import { callSpecOf, type MergeStep, type WorkflowDefinition } from '../definition/workflow-definition.ts';
import { workflowGraph } from '../definition/workflow-graph.ts';
import type { RunContext } from './run-context.ts';
import { type RunState, type StepState, stepOf } from './run-state.ts';

/** One output that a merge can choose from. */
export interface MergeCandidate {
  readonly index: number;
  readonly step: string;
  readonly provider: string;
  readonly model: string;
  /** 0–1; null when nobody knows. */
  readonly rating: number | null;
  readonly output: unknown;
}

export interface MergeResult {
  readonly output: unknown;
  readonly modelId?: string;
  /** How it came about, for people. */
  readonly reason: string;
}

/** A merge has no result. */
export class MergeFailed extends Error {
  override readonly name = 'MergeFailed';
  readonly code: 'MERGE.NO_CANDIDATES' | 'MERGE.NO_MAJORITY' | 'MERGE.SCORE';

  constructor(code: MergeFailed['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * All outputs of the steps in `from`, in that order: every model's answer of a step that asked several, every entry of a
 * map, the one output of any other. Steps that were skipped or failed and entries that failed give none.
 */
export function collectCandidates(
  step: MergeStep,
  state: RunState,
  definition: WorkflowDefinition,
): readonly MergeCandidate[] {
  const { steps } = workflowGraph(definition);
  const found: Omit<MergeCandidate, 'index'>[] = [];
  for (const id of step.from) {
    const current = stepOf(state, id);
    const source = steps.get(id);
    if (current.status !== 'completed' || !source) continue;
    if (source.type === 'map' && Array.isArray(current.output)) {
      const outputs = current.output.filter((output) => output !== null);
      found.push(...outputs.map((output) => ({ step: id, provider: '', model: '', rating: null, output })));
    } else found.push(...candidatesOf(id, current, callSpecOf(source) !== undefined));
  }
  return found.map((candidate, index) => ({ index, ...candidate }));
}

function candidatesOf(id: string, current: StepState, asksModels: boolean): Omit<MergeCandidate, 'index'>[] {
  const answers = asksModels
    ? current.slots.flatMap(({ status, answer }) => (status === 'answered' && answer ? [answer] : []))
    : [];
  if (answers.length > 0) {
    return answers.map(({ modelId, value, rating, providerId }) => ({
      step: id,
      provider: splitModelId(modelId)?.providerId ?? providerId,
      model: modelId,
      rating: rating ?? null,
      output: value,
    }));
  }
  // A pinned output, or one from an earlier run, comes without calls.
  const pinned = Object.entries(current.modelOutputs ?? {}).flatMap(([provider, models]) =>
    Object.entries(models).map(([model, output]) => ({ provider, model: `${provider}/${model}`, output })),
  );
  if (pinned.length > 1) return pinned.map((each) => ({ step: id, rating: null, ...each }));
  const model = current.modelId ?? '';
  const provider = splitModelId(model)?.providerId ?? '';
  return [{ step: id, provider, model, rating: null, output: current.output ?? null }];
}

/** Merges without asking a model. Pure; throws {@link MergeFailed}, and what expressions and templates throw. */
export function mergeCandidates(
  step: Exclude<MergeStep, { mode: 'llm' }>,
  candidates: readonly MergeCandidate[],
  context: RunContext,
): MergeResult {
  if (candidates.length === 0) {
    throw new MergeFailed('MERGE.NO_CANDIDATES', 'None of the steps to merge has an output.');
  }
  if (step.mode === 'best') return chooseBest(step, candidates, context);
  return step.mode === 'vote' ? countVotes(step, candidates, context) : concatenate(step, candidates, context);
}

function chooseBest(
  { by, score }: Extract<MergeStep, { mode: 'best' }>,
  candidates: readonly MergeCandidate[],
  context: RunContext,
): MergeResult {
  const worth = (candidate: MergeCandidate): number => {
    const { length } = toText(candidate.output);
    if (by === 'longest') return length;
    if (by === 'shortest') return -length;
    if (by === 'first') return 0;
    // Whom nobody has rated stands behind everybody who was rated.
    if (by === 'rating') return candidate.rating ?? -1;
    const value = evaluateFor(score ?? '0', candidate, context);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new MergeFailed('MERGE.SCORE', `The score of candidate ${candidate.index + 1} is not a number.`);
  };
  const worths = candidates.map(worth);
  const best = worths.indexOf(Math.max(...worths));
  return taken(candidates[best], describeBest(by, candidates.length, worths[best] ?? 0));
}

function describeBest(by: Extract<MergeStep, { mode: 'best' }>['by'], count: number, worth: number): string {
  if (by === 'first') return `The first of ${count}.`;
  if (by === 'longest' || by === 'shortest') return `The ${by} of ${count}: ${Math.abs(worth)} characters.`;
  if (by === 'rating')
    return worth < 0 ? `The first of ${count}: none is rated.` : `The best rated of ${count}: ${worth}.`;
  return `The highest score of ${count}: ${worth}.`;
}

function countVotes(
  { key, minShare, onTie }: Extract<MergeStep, { mode: 'vote' }>,
  candidates: readonly MergeCandidate[],
  context: RunContext,
): MergeResult {
  const votes = new Map<string, MergeCandidate[]>();
  for (const candidate of candidates) {
    const vote = normalizeAnswer(key === undefined ? candidate.output : evaluateFor(key, candidate, context));
    votes.set(vote, [...(votes.get(vote) ?? []), candidate]);
  }
  const most = Math.max(...[...votes.values()].map(({ length }) => length));
  const leaders = [...votes.values()].filter(({ length }) => length === most);
  if (leaders.length > 1 && onTie === 'fail') {
    throw new MergeFailed(
      'MERGE.NO_MAJORITY',
      `${leaders.length} answers have ${most} of ${candidates.length} votes each.`,
    );
  }
  if (most < (minShare ?? 0) * candidates.length) {
    throw new MergeFailed('MERGE.NO_MAJORITY', `The first answer has only ${most} of ${candidates.length} votes.`);
  }
  // Answers stand in the order in which they first came up, so that a tie goes to the earlier one.
  return taken(
    leaders[0]?.[0],
    `${most} of ${candidates.length} votes${leaders.length > 1 ? ', first of a tie' : ''}.`,
  );
}

function concatenate(
  step: Extract<MergeStep, { mode: 'concatenate' }>,
  candidates: readonly MergeCandidate[],
  context: RunContext,
): MergeResult {
  const reason = candidates.length === 1 ? 'One output.' : `${candidates.length} outputs in order.`;
  if (step.as === 'list') return { output: candidates.map(({ output }) => output), reason };
  const texts = candidates.map((candidate) => {
    const text = toText(candidate.output);
    if (step.heading === undefined) return text;
    const heading = cachedTemplate(step.heading);
    if (!heading.isValid) throw new MergeFailed('MERGE.SCORE', heading.problem.message);
    return `${heading.template.render({ ...context, candidate, index: candidate.index })}\n${text}`;
  });
  return { output: texts.join(step.separator ?? '\n\n'), reason };
}

function evaluateFor(source: string, candidate: MergeCandidate, context: RunContext): unknown {
  const result = cachedExpression(source, 'candidate');
  if (!result.isValid) throw new MergeFailed('MERGE.SCORE', result.problem.message);
  return result.expression.evaluate({ ...context, candidate, index: candidate.index });
}

function taken(candidate: MergeCandidate | undefined, reason: string): MergeResult {
  if (!candidate) throw new MergeFailed('MERGE.NO_CANDIDATES', 'There is nothing to choose from.');
  const { output, model } = candidate;
  return { output, reason, ...(model !== '' && { modelId: model }) };
}

/**
 * Answers that people would call the same are one vote: case, width of characters, spaces, and punctuation and quotes
 * around a text do not matter, nor does the order of fields.
 */
export function normalizeAnswer(value: unknown): string {
  if (typeof value !== 'string') return canonicalJson(value);
  const text = value.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ');
  return trimPunctuation(text) || text.trim();
}

/** Without spaces and punctuation at both ends. A pattern would take a square of the length of a run of dots. */
function trimPunctuation(text: string): string {
  const characters = [...text];
  const isWorth = (character: string) => !/[\s\p{P}]/u.test(character);
  const start = characters.findIndex(isWorth);
  return start < 0 ? '' : characters.slice(start, characters.findLastIndex(isWorth) + 1).join('');
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

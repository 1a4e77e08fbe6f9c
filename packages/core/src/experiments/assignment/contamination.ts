/** Why an answer does not speak for its variant alone. It is kept and shown, but counts in no comparison. */
export const contaminationReasons = [
  /** Another model than the variant's answered, after a failure. */
  'failover',
  /** Another model than the variant's answered, by a rule, a budget or a stand-in. */
  'fallback',
  /** The answer was made for an earlier call. */
  'cache',
  /** The unit has been in another variant before, or the app changed what it calls a user or session. */
  'moved-unit',
  /** The variant's model could not be asked when the step began, so that the step was executed as it is. */
  'not-applied',
  /** The step was begun anew by a retry of its run: the user saw more than one answer. */
  'retried',
] as const;

export type ContaminationReason = (typeof contaminationReasons)[number];

/** What is known of how an answer came about. Model names are `provider/model`. */
export interface AnswerPath {
  /** Models that the variant stands for: its own, or those that its alias, role or strategy may choose. */
  readonly allowedModels: ReadonlySet<string>;
  /** The model that gave the answer; undefined when none did. */
  readonly answeredBy: string | undefined;
  /** Whether another model failed before. */
  readonly hadFailover: boolean;
  /** From a cache of answers, ours or the vendor's; a cached prompt is none. */
  readonly isCached?: boolean;
  /** Variants that this unit was in before, from what is on record. */
  readonly earlierVariants?: readonly string[];
  readonly variant: string;
}

/**
 * What spoils an answer, the gravest first; undefined when it is clean. A variant that is itself a chain or a strategy is
 * clean with any model of its own: its failover is part of what is tested.
 */
export function findContamination(path: AnswerPath): ContaminationReason | undefined {
  if (path.earlierVariants?.some((earlier) => earlier !== path.variant)) return 'moved-unit';
  if (path.isCached) return 'cache';
  if (path.answeredBy === undefined || path.allowedModels.has(path.answeredBy)) return undefined;
  return path.hadFailover ? 'failover' : 'fallback';
}

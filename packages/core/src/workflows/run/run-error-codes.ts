/** Why a run, step, entry or call can fail. Public: clients switch on them; never renamed. */
export const runErrorCodes = [
  'RUN.DEADLINE',
  'RUN.TOO_LARGE',
  'STEP.DEADLINE',
  'STEP.FAILED',
  'STEP.UNKNOWN',
  'TEMPLATE.FAILED',
  'EXPRESSION.FAILED',
  'VALUE.TOO_LARGE',
  'EVALUATION.KILLED',
  'EVALUATION.UNAVAILABLE',
  'MAP.NOT_A_LIST',
  'MAP.TOO_MANY_ITEMS',
  'MAP.OUTPUTS_TOO_LARGE',
  'MERGE.NO_CANDIDATES',
  'MERGE.NO_MAJORITY',
  'MERGE.SCORE',
  'APPROVAL.REJECTED',
  'APPROVAL.TIMEOUT',
  'BUDGET.REFUSED',
  'OUTPUT.INVALID',
  'MODEL.FAILED',
  'MODEL.NOT_AVAILABLE',
  'ROLE.UNRESOLVED',
  'CALL.STOPPED',
] as const;

export type RunErrorCode = (typeof runErrorCodes)[number];

/** `skipped`: nothing to check, or not set up; no fault. */
export type CheckStatus = 'passed' | 'failed' | 'skipped';

/** One line of what `switchyard doctor` found. */
export interface DoctorCheck {
  /** For programs: `node`, `port`, `provider:openai-eu`. */
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was found, in one sentence. */
  readonly message: string;
  /** What to do. Always there when the check failed. */
  readonly remedy?: string;
}

export const passed = (id: string, title: string, message: string): DoctorCheck => ({
  id,
  title,
  status: 'passed',
  message,
});

export const failed = (id: string, title: string, message: string, remedy: string): DoctorCheck => ({
  id,
  title,
  status: 'failed',
  message,
  remedy,
});

export const skipped = (id: string, title: string, message: string, remedy?: string): DoctorCheck => ({
  id,
  title,
  status: 'skipped',
  message,
  ...(remedy !== undefined && { remedy }),
});

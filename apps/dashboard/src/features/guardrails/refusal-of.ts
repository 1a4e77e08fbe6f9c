import type { CombinedError } from 'urql';
import { describeFailure } from '../../graphql/failure.ts';

interface Result {
  __typename: string;
  message?: string;
  path?: readonly string[] | null;
  issues?: readonly { path: readonly string[]; message: string }[];
}

/** What stands against a change: the server's issues by place, and one sentence when there are none. */
export interface Refusal {
  issues: readonly { path: readonly string[]; message: string }[];
  message: string;
}

/** Reads a result that is no success. */
export function refusalOf(result: object | null | undefined, error: CombinedError | undefined): Refusal {
  const refused = result as Result | null | undefined;
  const message = error ? describeFailure(error).message : (refused?.message ?? 'Nothing was changed. Try again.');
  const issues = refused?.issues ?? (refused?.path?.length ? [{ path: [...refused.path], message }] : []);
  return { issues, message };
}

/** The refusal as one text. */
export function refusalText(result: object | null | undefined, error: CombinedError | undefined): string {
  const { issues, message } = refusalOf(result, error);
  return issues.length > 0 ? issues.map((issue) => issue.message).join(' ') : message;
}

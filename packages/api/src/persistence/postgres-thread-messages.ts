import {
  DriverAdapterError,
  type IsolationLevel,
  isDriverAdapterError,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';

/** What the thread of the embedded database opens: given to it as `workerData`. */
export type EmbeddedLocation = { readonly kind: 'embedded'; readonly dataDir: string } | { readonly kind: 'memory' };

/** What the thread can be asked for. `transaction` is the number that `begin` answered. */
export type ThreadRequest =
  | { readonly type: 'query'; readonly query: SqlQuery; readonly transaction?: number }
  | { readonly type: 'execute'; readonly query: SqlQuery; readonly transaction?: number }
  | { readonly type: 'script'; readonly script: string }
  | { readonly type: 'begin'; readonly isolationLevel?: IsolationLevel }
  | { readonly type: 'commit'; readonly transaction: number }
  | { readonly type: 'rollback'; readonly transaction: number }
  | { readonly type: 'rows'; readonly sql: string; readonly values: readonly unknown[] }
  | { readonly type: 'close' };

/** What each request is answered with. */
export interface ThreadAnswers {
  readonly query: SqlResultSet;
  readonly execute: number;
  readonly script: undefined;
  readonly begin: number;
  readonly commit: undefined;
  readonly rollback: undefined;
  readonly rows: readonly Record<string, unknown>[];
  readonly close: undefined;
}

/** A request on its way: answers carry the same number. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: ThreadRequest;
}

/** An error as it crosses threads: what the driver mapped for Prisma, or an error's own fields. */
export type ThreadError =
  | { readonly type: 'driver'; readonly cause: DriverAdapterError['cause'] }
  | { readonly type: 'other'; readonly name: string; readonly message: string; readonly code?: string };

/** What the thread says: that the database is open or cannot be opened, and the answers to requests. */
export type ThreadMessage =
  | { readonly type: 'opened' }
  | { readonly type: 'failed'; readonly error: ThreadError }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly error: ThreadError };

/** Takes an error apart, so that it can cross threads. */
export function encodeThreadError(error: unknown): ThreadError {
  // By its shape: the adapter may bring a copy of the class.
  if (isDriverAdapterError(error)) return { type: 'driver', cause: error.cause };
  if (!(error instanceof Error)) return { type: 'other', name: 'Error', message: String(error) };
  const code: unknown = Reflect.get(error, 'code');
  return {
    type: 'other',
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
  };
}

/** Puts an error that crossed threads together again: Prisma maps its own by class. */
export function decodeThreadError(error: ThreadError): Error {
  if (error.type === 'driver') return new DriverAdapterError(error.cause);
  const decoded = new Error(error.message);
  decoded.name = error.name;
  return error.code === undefined ? decoded : Object.assign(decoded, { code: error.code });
}

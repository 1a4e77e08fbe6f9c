/** The place of an event in its stream. */
export interface Sequenced {
  /** Counts from 1 without gaps within one stream. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Events of one stream that are stored in one go, with the changes of rows that they stand for. */
export interface EventBatch<Event extends Sequenced, Change> {
  readonly teamId: string;
  readonly streamId: string;
  /** In order, without gaps, never empty. */
  readonly events: readonly Event[];
  readonly changes: readonly Change[];
}

/** The stream can never be stored again: its owner was deleted, or another process took the stream over. */
export class StreamLostError extends Error {
  override readonly name = 'StreamLostError';
}

/** Where events live. The hub holds only what is not stored yet; everything else is read from here. */
export interface EventStore<Event extends Sequenced, Change> {
  /**
   * Stores all batches and carries out their changes in one transaction, or throws and does nothing. Throws
   * {@link StreamLostError} when trying again is of no use.
   */
  append(batches: readonly EventBatch<Event, Change>[]): Promise<void>;
  /** The stored events with `seq > afterSeq`, in order, about `limit` at the most; empty when there are none. */
  read(teamId: string, streamId: string, afterSeq: number, limit: number): Promise<readonly Event[]>;
  /** Whether some process may still add to the stream. */
  isOpen(teamId: string, streamId: string): Promise<boolean>;
}

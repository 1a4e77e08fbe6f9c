/** What a dataset may hold. */
export interface DatasetLimits {
  readonly mostBytes: number;
  readonly mostItems: number;
  /** Characters of one record of the file. */
  readonly longestRecord: number;
  /** Characters of one input or expectation. */
  readonly longestText: number;
  readonly mostColumns: number;
}

export const datasetLimits: DatasetLimits = {
  mostBytes: 100 * 1024 * 1024,
  mostItems: 200_000,
  longestRecord: 1_000_000,
  longestText: 200_000,
  mostColumns: 200,
};

/** The whole file cannot be used; the message says why and what to do. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}

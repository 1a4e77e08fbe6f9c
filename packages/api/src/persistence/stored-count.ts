const largestInteger = 2_147_483_647;

/** A count as an INTEGER column and GraphQL's Int take it; what is absent or cannot be true counts as unknown. */
export function toStoredCount(count: number | undefined): number | null {
  return count === undefined || count > largestInteger ? null : count;
}

/** Names and describes the union of a mutation's outcomes. */
export const outcomes = (name: string, ...types: (new (...args: never[]) => Error)[]) => ({
  types,
  directResult: true as const,
  union: { name, description: 'How it went, or why it was not done.' },
});

/** What a field costs that is read together with the object it belongs to: nothing more. */
export const embedded = { field: 0, multiplier: 1 } as const;

/** `T` without the properties that are undefined. */
export type Defined<T extends object> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Leaves out what the file leaves out, so that `{...defaults, ...given}` keeps the default. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}

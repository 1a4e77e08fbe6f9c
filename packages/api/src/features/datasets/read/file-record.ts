/** What a reader of files finds, in the order of the file. `line` counts from 1 and is where a record begins. */
export type FileRecord =
  | { readonly type: 'columns'; readonly names: readonly string[] }
  | { readonly type: 'record'; readonly line: number; readonly values: ReadonlyMap<string, unknown> }
  | { readonly type: 'problem'; readonly line: number; readonly message: string };

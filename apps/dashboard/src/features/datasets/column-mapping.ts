/** What a column can be. */
export const parts = ['input', 'expected', 'cluster', 'key', 'split'] as const;
export type Part = (typeof parts)[number];
export type Mapping = Readonly<Partial<Record<Part, string>>>;

export const partWords: Readonly<Record<Part, { readonly label: string; readonly hint: string }>> = {
  input: { label: 'Input', hint: 'what is asked; needed' },
  expected: { label: 'Expected', hint: 'what would be right' },
  cluster: { label: 'Cluster', hint: 'what items have in common' },
  key: { label: 'Key', hint: 'the name of the item' },
  split: { label: 'Split', hint: 'for example train or test' },
};

/** The mapping as the server suggests it, without what is not there. */
export function mappingOf(found: Readonly<Partial<Record<Part, string | null>>>): Mapping {
  return Object.fromEntries(parts.flatMap((part) => (found[part] ? [[part, found[part]]] : [])));
}

export function partOf(mapping: Mapping, column: string): Part | undefined {
  return parts.find((part) => mapping[part] === column);
}

/** Makes a column something else; what it takes away becomes a field. Undefined makes it a field. */
export function assignColumn(mapping: Mapping, column: string, part: Part | undefined): Mapping {
  const rest = Object.fromEntries(Object.entries(mapping).filter(([name, each]) => each !== column && name !== part));
  return part === undefined ? rest : { ...rest, [part]: column };
}

import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** The dotted paths of fields that a client asks for below the field of `info`, whatever fragments they stand in. */
export function selectedPaths(info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): ReadonlySet<string> {
  const paths = new Set<string>();
  const visit = (selections: SelectionSetNode | undefined, prefix: string) => {
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const path = `${prefix}${selection.name.value}`;
        // Seen twice is visited twice: another place may ask for other fields of it.
        paths.add(path);
        visit(selection.selectionSet, `${path}.`);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, prefix);
      } else {
        visit(info.fragments[selection.name.value]?.selectionSet, prefix);
      }
    }
  };
  for (const node of info.fieldNodes) visit(node.selectionSet, '');
  return paths;
}

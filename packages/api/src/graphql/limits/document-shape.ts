import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How big an operation is once its fragments are written out. Counts stop growing at a billion. */
export interface DocumentShape {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
  readonly directives: number;
}

const nothing: DocumentShape = { depth: 0, aliases: 0, fields: 0, directives: 0 };
const tooMany = 1_000_000_000;

/**
 * Measures one operation of a document with all fragments flattened. Each fragment is measured once, so hostile nests
 * of fragments cost linear time; a fragment that contains itself counts as infinitely deep. Introspection counts like
 * anything else, and no name is special.
 */
export function measureOperation(document: DocumentNode, operation: OperationDefinitionNode): DocumentShape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, DocumentShape | 'active'>();

  const measureFragment = (name: string): DocumentShape => {
    const known = measured.get(name);
    if (known === 'active') return { ...nothing, depth: tooMany };
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    measured.set(name, 'active');
    const shape = measureSelections(fragment.selectionSet);
    measured.set(name, shape);
    return shape;
  };

  const measureSelections = (set: SelectionSetNode): DocumentShape => {
    let total = nothing;
    for (const selection of set.selections) {
      const directives = selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        const below = selection.selectionSet ? measureSelections(selection.selectionSet) : nothing;
        total = add(total, {
          depth: below.depth + 1,
          aliases: below.aliases + (selection.alias ? 1 : 0),
          fields: below.fields + 1,
          directives: below.directives + directives,
        });
      } else {
        const below =
          selection.kind === Kind.INLINE_FRAGMENT
            ? measureSelections(selection.selectionSet)
            : measureFragment(selection.name.value);
        total = add(total, { ...below, directives: below.directives + directives });
      }
    }
    return total;
  };

  const shape = measureSelections(operation.selectionSet);
  return { ...shape, directives: shape.directives + (operation.directives?.length ?? 0) };
}

function add(a: DocumentShape, b: DocumentShape): DocumentShape {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: Math.min(tooMany, a.aliases + b.aliases),
    fields: Math.min(tooMany, a.fields + b.fields),
    directives: Math.min(tooMany, a.directives + b.directives),
  };
}

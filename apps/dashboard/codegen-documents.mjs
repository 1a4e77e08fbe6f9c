import { createHash } from 'node:crypto';
import { Kind, print, visit } from 'graphql';

const typenameField = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Adds `__typename` to every selection set below the operation itself, as the client's cache does before it sends. */
function withTypenames(document) {
  return visit(document, {
    SelectionSet: {
      enter(node, _key, parent) {
        if (parent?.kind === Kind.OPERATION_DEFINITION) return undefined;
        if (node.selections.some((selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename'))
          return undefined;
        return { ...node, selections: [...node.selections, typenameField] };
      },
    },
  });
}

function fragmentsOf(definition, fragments, found = new Map()) {
  visit(definition, {
    FragmentSpread(node) {
      const fragment = fragments.get(node.name.value);
      if (!fragment) throw new Error(`Fragment ${node.name.value} is used but not defined.`);
      if (found.has(node.name.value)) return;
      found.set(node.name.value, fragment);
      fragmentsOf(fragment, fragments, found);
    },
  });
  return [...found.values()];
}

/**
 * A codegen plugin. Emits each operation as `document(id, text)`: text rather than a syntax tree, because that is a third of the bytes, with
 * `sha256:` over the exact text that is sent. With `manifest: true` it emits the map from id to text instead.
 */
export function plugin(_schema, files, { manifest = false }) {
  const definitions = files.flatMap((file) => file.document?.definitions ?? []);
  const fragments = new Map(
    definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const operations = definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => {
      const text = print(
        withTypenames({ kind: Kind.DOCUMENT, definitions: [operation, ...fragmentsOf(operation, fragments)] }),
      );
      const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1);
      return {
        name: operation.name.value,
        type: `${operation.name.value}${kind}`,
        text,
        id: `sha256:${createHash('sha256').update(text).digest('hex')}`,
      };
    })
    .sort((left, right) => left.name.localeCompare(right.name));
  if (manifest) return `${JSON.stringify(Object.fromEntries(operations.map(({ id, text }) => [id, text])), null, 2)}\n`;
  const content = operations
    .map(
      ({ name, type, text, id }) =>
        `export const ${name}Document = /*#__PURE__*/ document<${type}, ${type}Variables>('${id}', ${JSON.stringify(text)});`,
    )
    .join('\n');
  return { prepend: ["import { document } from '../graphql/document.ts';"], content };
}

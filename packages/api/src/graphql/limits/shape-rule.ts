import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import { measureOperation } from './document-shape.ts';

export interface ShapeLimits {
  readonly depth: number;
  /** Introspection that tools send is deeper than any query a person writes; applies when it asks for nothing else. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly fields: number;
  readonly directives: number;
  readonly operations: number;
  /** Definitions of operations and fragments together. */
  readonly definitions: number;
}

export const shapeLimits: ShapeLimits = {
  depth: 12,
  introspectionDepth: 20,
  aliases: 30,
  fields: 1_000,
  directives: 50,
  operations: 10,
  definitions: 100,
};

const judged = new WeakMap<DocumentNode, readonly GraphQLError[]>();

/**
 * What is larger in a document than any honest client needs; empty when it may be validated. Looked at before
 * validation, because some of its rules compare every field with every other one.
 */
export function findShapeProblems(document: DocumentNode, limits: ShapeLimits = shapeLimits): readonly GraphQLError[] {
  const known = judged.get(document);
  if (known) return known;
  const problems: GraphQLError[] = [];
  const refuse = (what: string, found: number, limit: number, node?: OperationDefinitionNode) => {
    const message = `The document has ${found > 1e8 ? 'too many' : found} ${what}; the limit is ${limit}.`;
    problems.push(
      new GraphQLError(message, { ...(node && { nodes: node }), extensions: { code: 'COST_LIMIT_EXCEEDED' } }),
    );
  };
  const { definitions } = document;
  if (definitions.length > limits.definitions) refuse('definitions', definitions.length, limits.definitions);
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > limits.operations) refuse('operations', operations.length, limits.operations);
  else {
    for (const operation of operations) {
      const shape = measureOperation(document, operation);
      const depth = isIntrospection(operation) ? limits.introspectionDepth : limits.depth;
      if (shape.depth > depth) refuse('levels', shape.depth, depth, operation);
      if (shape.aliases > limits.aliases) refuse('aliases', shape.aliases, limits.aliases, operation);
      if (shape.fields > limits.fields) refuse('fields', shape.fields, limits.fields, operation);
      if (shape.directives > limits.directives) refuse('directives', shape.directives, limits.directives, operation);
    }
  }
  judged.set(document, problems);
  return problems;
}

/** Whether an operation asks for the schema and nothing else. Looks at fields only, never at names of fragments. */
function isIntrospection(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && ['__schema', '__type', '__typename'].includes(selection.name.value),
  );
}

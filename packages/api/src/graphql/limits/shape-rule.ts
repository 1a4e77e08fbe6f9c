import { GraphQLError, Kind, type OperationDefinitionNode, type ValidationRule } from 'graphql';
import { measureOperation } from './document-shape.ts';

export interface ShapeLimits {
  readonly depth: number;
  /** Introspection that tools send is deeper than any query a person writes; applies when it asks for nothing else. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly fields: number;
  readonly directives: number;
  readonly operations: number;
}

export const shapeLimits: ShapeLimits = {
  depth: 12,
  introspectionDepth: 20,
  aliases: 30,
  fields: 1_000,
  directives: 50,
  operations: 10,
};

/** Refuses documents that are larger than any honest client needs, before anything is executed. */
export function createShapeRule(limits: ShapeLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
      const refuse = (what: string, found: number, limit: number, node: OperationDefinitionNode | undefined) =>
        context.reportError(
          new GraphQLError(`The document has ${found > 1e8 ? 'too many' : found} ${what}; the limit is ${limit}.`, {
            ...(node && { nodes: node }),
            extensions: { code: 'COST_LIMIT_EXCEEDED' },
          }),
        );
      if (operations.length > limits.operations) refuse('operations', operations.length, limits.operations, undefined);
      for (const operation of operations) {
        const shape = measureOperation(document, operation);
        const depth = isIntrospection(operation) ? limits.introspectionDepth : limits.depth;
        if (shape.depth > depth) refuse('levels', shape.depth, depth, operation);
        if (shape.aliases > limits.aliases) refuse('aliases', shape.aliases, limits.aliases, operation);
        if (shape.fields > limits.fields) refuse('fields', shape.fields, limits.fields, operation);
        if (shape.directives > limits.directives) refuse('directives', shape.directives, limits.directives, operation);
      }
    },
  });
}

/** Whether an operation asks for the schema and nothing else. Looks at fields only, never at names of fragments. */
function isIntrospection(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && ['__schema', '__type', '__typename'].includes(selection.name.value),
  );
}

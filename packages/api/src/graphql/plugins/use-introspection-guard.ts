import { type DocumentNode, GraphQLError, getOperationAST, Kind, type SelectionSetNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Identity, mayAnywhere } from '../../auth/identity.ts';
import type { GraphContext } from '../context.ts';
import { graphError } from '../errors.ts';

interface Arguments {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly contextValue?: unknown;
}

/**
 * Tells the schema, also by suggestions in errors, to those who build on it: whoever may run or manage something. In
 * development (NODE_ENV) it is told to everybody who is known.
 */
export function useIntrospectionGuard(isDevelopment: boolean): Plugin<GraphContext> {
  const mayKnow = (identity: Identity) =>
    isDevelopment || mayAnywhere(identity, 'RUN') || mayAnywhere(identity, 'MANAGE');
  const refusalOf = ({ document, operationName, contextValue }: Arguments) => {
    if (mayKnow((contextValue as GraphContext).identity)) return undefined;
    const operation = getOperationAST(document, operationName);
    if (!operation || !asksForSchema(document, operation.selectionSet)) return undefined;
    const message =
      'The schema is told to developers and above, and to keys with a scope RUN or MANAGE. It is in the repository as schema.graphql.';
    return graphError('FORBIDDEN', message);
  };
  return {
    onValidate({ context }) {
      return ({ valid, result, setResult }) => {
        if (!valid && !mayKnow((context as unknown as GraphContext).identity)) {
          setResult((result as readonly GraphQLError[]).map(withoutSuggestion));
        }
      };
    },
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal) return void setResultAndStopExecution({ errors: [refusal] });
      if (mayKnow((args.contextValue as unknown as GraphContext).identity)) return undefined;
      return {
        onExecuteDone({ result, setResult }) {
          if (Symbol.asyncIterator in result || !result.errors) return;
          setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

const suggestion = / ?Did you mean [^?]*\?/g;

function withoutSuggestion(error: GraphQLError): GraphQLError {
  if (!/Did you mean/.test(error.message)) return error;
  const { nodes, source, positions, path, originalError, extensions } = error;
  const message = error.message.replace(suggestion, '');
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}

const known = new WeakMap<SelectionSetNode, boolean>();

/** `__schema` and `__type` are fields of the root only, however many fragments are around them. */
function asksForSchema(document: DocumentNode, root: SelectionSetNode): boolean {
  const remembered = known.get(root);
  if (remembered !== undefined) return remembered;
  const seen = new Set<string>();
  const pending: SelectionSetNode[] = [root];
  let asks = false;
  for (let set = pending.pop(); set && !asks; set = pending.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) asks ||= ['__schema', '__type'].includes(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        for (const definition of document.definitions) {
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value)
            pending.push(definition.selectionSet);
        }
      }
    }
  }
  known.set(root, asks);
  return asks;
}

import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { currentScope } from '../../observability/request-scope.ts';
import type { GraphContext } from '../context.ts';

interface Arguments {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly contextValue?: unknown;
}

/** Counts operations of the graph and how long they took, over HTTP and over the socket alike. */
export function useOperationMetrics(): Plugin<GraphContext> {
  const of = ({ document, operationName, contextValue }: Arguments) => {
    const { clock, observability } = (contextValue as GraphContext).services;
    const operation = getOperationAST(document, operationName);
    const type = operation?.operation ?? 'query';
    const transport = currentScope()?.transport ?? 'http';
    observability.tracing?.noteOperation(type, operation?.name?.value);
    return { http: observability.http, clock, type, transport };
  };
  return {
    onExecute({ args }) {
      const { http, clock, type, transport } = of(args);
      const beganMs = clock.monotonicMs();
      return {
        onExecuteDone({ result }) {
          const isFailed = !(Symbol.asyncIterator in result) && result.errors !== undefined;
          http.operation(transport, type, isFailed, clock.monotonicMs() - beganMs);
        },
      };
    },
    onSubscribe({ args }) {
      const { http, type, transport } = of(args);
      return {
        onSubscribeResult({ result }) {
          // Its end is not listened for: that would cost something for each event and subscriber.
          http.operation(transport, type, !(Symbol.asyncIterator in result));
        },
      };
    },
  };
}

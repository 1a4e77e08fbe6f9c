import { type DocumentNode, getOperationAST, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphContext } from '../context.ts';
import { graphError } from '../errors.ts';
import { computeQueryCost, countAnswerObjects, maxQueryCost, operationCost } from '../limits/query-cost.ts';
import { createShapeRule, shapeLimits } from '../limits/shape-rule.ts';
import { schema } from '../schema.ts';

const maxTokens = 4_000;

/** What an operation was charged, as every reply tells it in `extensions.cost`. */
interface CostReport {
  readonly requestedQueryCost: number;
  readonly actualQueryCost: number;
  readonly throttleStatus: object;
}

interface Arguments {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: unknown;
  readonly contextValue?: unknown;
}

/**
 * Refuses what is too large or too much, before anything is executed, over HTTP and over the socket alike: the size of
 * the document, its cost, and the identity's bucket. What an answer did not use of its cost is given back.
 */
export function useGraphLimits(): Plugin<GraphContext> {
  const shapeRule = createShapeRule(shapeLimits);

  const charge = (args: Arguments): { cost: number; refusal?: ReturnType<typeof graphError> } => {
    const operation = getOperationAST(args.document, args.operationName);
    if (!operation) return { cost: 0 };
    const { bucket } = args.contextValue as GraphContext;
    const variables = (args.variableValues ?? {}) as Record<string, unknown>;
    const cost = computeQueryCost(schema, args.document, operation, variables);
    if (cost > maxQueryCost) {
      const message = `This operation may cost ${cost} points; the limit is ${maxQueryCost}. Ask for fewer fields or smaller pages.`;
      return { cost, refusal: graphError('COST_LIMIT_EXCEEDED', message, { status: 400 }) };
    }
    const taken = bucket.take(cost);
    if (taken.isTaken) return { cost };
    const seconds = Math.ceil(taken.retryAfterMs / 1000);
    return {
      cost,
      refusal: graphError('RATE_LIMITED', `Too many requests: try again in ${seconds} s.`, {
        status: 429,
        headers: { 'retry-after': String(seconds) },
        extensions: { retryAfterMs: taken.retryAfterMs },
      }),
    };
  };

  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options: object) => parse(source, { ...options, maxTokens }));
    },
    onValidate({ addValidationRule }) {
      addValidationRule(shapeRule);
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { cost, refusal } = charge(args);
      if (refusal) {
        setResultAndStopExecution({ errors: [refusal] });
        return;
      }
      const { bucket } = args.contextValue as unknown as GraphContext;
      return {
        onExecuteDone({ result, setResult }) {
          if (Symbol.asyncIterator in result) return;
          const actualQueryCost = Math.min(cost, operationCost + countAnswerObjects(result.data));
          bucket.refund(cost - actualQueryCost);
          const report: CostReport = { requestedQueryCost: cost, actualQueryCost, throttleStatus: bucket.status() };
          setResult({ ...result, extensions: { ...result.extensions, cost: report } });
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { refusal } = charge(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

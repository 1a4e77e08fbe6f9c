import { type DocumentNode, GraphQLError, getOperationAST, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphContext } from '../context.ts';
import { graphError } from '../errors.ts';
import { findInputProblem, isBulkOperation } from '../limits/operation-input.ts';
import { computeQueryCost, countAnswerObjects, maxQueryCost, operationCost } from '../limits/query-cost.ts';
import { findShapeProblems } from '../limits/shape-rule.ts';
import { schema } from '../schema.ts';

const maxTokens = 2_000;
/** Room for a workflow or a file of routing rules that is written into the text itself. */
const maxCharacters = 256 * 1024;

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
  const charge = (args: Arguments): { cost: number; refusal?: ReturnType<typeof graphError> } => {
    const operation = getOperationAST(args.document, args.operationName);
    if (!operation) return { cost: 0 };
    const { bucket } = args.contextValue as GraphContext;
    const variables = (args.variableValues ?? {}) as Record<string, unknown>;
    const problem = findInputProblem(variables, isBulkOperation(operation));
    if (problem) return { cost: 0, refusal: problem };
    let cost: number;
    try {
      cost = computeQueryCost(schema, args.document, operation, variables);
    } catch (error) {
      return { cost: 0, refusal: describeUnreadable(error) };
    }
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
      setParseFn((source: string, options: object) => {
        if (source.length > maxCharacters) {
          throw graphError(
            'COST_LIMIT_EXCEEDED',
            `A document may have ${maxCharacters} characters; send values as variables.`,
          );
        }
        return parse(source, { ...options, maxTokens });
      });
    },
    onValidate({ params, setResult }) {
      const problems = findShapeProblems(params.documentAST);
      // With a result there is no validation.
      if (problems.length > 0) setResult(problems);
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

/** What is wrong with an argument, with a code whoever threw it. */
function describeUnreadable(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) return graphError('BAD_USER_INPUT', 'An argument cannot be read.');
  return error.extensions.code === undefined ? graphError('BAD_USER_INPUT', error.message) : error;
}

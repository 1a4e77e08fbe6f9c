import { createYoga } from 'graphql-yoga';
import type { Services } from '../container.ts';
import type { GraphContext } from './context.ts';
import { DocumentCache } from './limits/document-cache.ts';
import { maskError } from './mask-error.ts';
import { useGraphLimits } from './plugins/use-graph-limits.ts';
import { useIntrospectionGuard } from './plugins/use-introspection-guard.ts';
import { useOperationMetrics } from './plugins/use-operation-metrics.ts';
import { useSharedSubscriptions } from './plugins/use-shared-subscriptions.ts';
import { schema } from './schema.ts';

export const graphPath = '/graphql';

export type Yoga = ReturnType<typeof createGraph>;

/** The graph with all its protections. The socket runs through the same enveloped functions as HTTP. */
export function createGraph(services: Services) {
  return createYoga<GraphContext>({
    schema,
    graphqlEndpoint: graphPath,
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    multipart: false,
    logging: false,
    maskedErrors: {
      // Yoga calls it without the context; the id is put into the log and the answer alike.
      maskError: (error) => maskError(error, services.log, services.ids.next('req')),
    },
    parserAndValidationCache: { documentCache: new DocumentCache(1_000), errorCache: new DocumentCache(100) },
    plugins: [
      useOperationMetrics(),
      useSharedSubscriptions(),
      useGraphLimits(),
      useIntrospectionGuard(services.settings.isDevelopment),
    ],
  });
}

import type { Services } from '../container.ts';
import { version } from '../version.ts';
import { builder } from './builder.ts';
import type { BucketStatus } from './limits/graph-bucket.ts';

const InstallationType = builder.objectRef<Services>('Installation').implement({
  description: 'What this server is.',
  fields: (t) => ({
    version: t.string({ description: 'The version of Switchyard.', resolve: () => version }),
    isSimulatorRunning: t.boolean({
      description: 'Whether some providers are simulated.',
      resolve: ({ providers }) => providers.instances.some(({ origin }) => origin === 'simulated'),
    }),
    simulatedProviderSlugs: t.stringList({
      description: 'Which providers are simulated: their answers are synthetic and nothing leaves this machine.',
      resolve: ({ providers }) =>
        providers.instances.filter(({ origin }) => origin === 'simulated').map(({ slug }) => slug),
    }),
  }),
});

const RateLimitStatusType = builder.objectRef<BucketStatus>('RateLimitStatus').implement({
  description: 'What you may still ask of the graph, in points of query cost. Model money is limited elsewhere.',
  fields: (t) => ({
    maximumAvailable: t.exposeInt('maximumAvailable', { description: 'The size of the bucket.' }),
    currentlyAvailable: t.exposeInt('currentlyAvailable', { description: 'What is in it now.' }),
    restoreRatePerSecond: t.exposeInt('restoreRatePerSecond', { description: 'How fast it fills.' }),
  }),
});

builder.queryFields((t) => ({
  installation: t.field({
    type: InstallationType,
    description: 'What this server is.',
    resolve: (_root, _args, { services }) => services,
  }),
  rateLimit: t.field({
    type: RateLimitStatusType,
    description: 'What you may still ask of the graph.',
    resolve: (_root, _args, { bucket }) => bucket.status(),
  }),
}));

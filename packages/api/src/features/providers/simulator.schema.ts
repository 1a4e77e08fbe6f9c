import { z } from 'zod';
import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { assertMayManage } from './may-manage.ts';
import { ProviderType } from './provider.types.ts';
import type { ProviderInstance } from './provider-instance.ts';
import type { SimulatedFailure, SimulatedFailures } from './simulated-failures.ts';

interface SimulatedProvider {
  readonly instance: ProviderInstance;
  readonly failure: SimulatedFailure;
  readonly others: readonly string[];
}

const SimulatedProviderType = builder.objectRef<SimulatedProvider>('SimulatedProvider').implement({
  description: 'A simulated provider and what it was told to get wrong. Null: nothing of the kind.',
  fields: (t) => ({
    providerId: t.id({
      description: 'The id of the provider, as for `node`.',
      resolve: ({ instance }) => encodeId('Provider', instance.id),
    }),
    provider: t.expose('instance', { type: ProviderType, description: 'The provider.' }),
    errorRate: t.float({
      nullable: true,
      description: 'Share of calls that are answered with `status`, 0 to 1.',
      resolve: ({ failure }) => failure.errorRate ?? null,
    }),
    status: t.int({
      nullable: true,
      description: 'HTTP status of those errors.',
      resolve: ({ failure }) => failure.status ?? null,
    }),
    latencyMs: t.int({
      nullable: true,
      description: 'Time added before every answer.',
      resolve: ({ failure }) => failure.latencyMs ?? null,
    }),
    tokensPerSecond: t.float({
      nullable: true,
      description: 'How fast every answer is written.',
      resolve: ({ failure }) => failure.tokensPerSecond ?? null,
    }),
    outage: t.boolean({
      description: 'Whether every call is cut off without an answer.',
      resolve: ({ failure }) => failure.outage === true,
    }),
    cutAfterTokens: t.int({
      nullable: true,
      description: 'Every stream breaks off after so many tokens.',
      resolve: ({ failure }) => failure.cutAfterTokens ?? null,
    }),
    stallAfterTokens: t.int({
      nullable: true,
      description: 'Every stream falls silent after so many tokens.',
      resolve: ({ failure }) => failure.stallAfterTokens ?? null,
    }),
    otherFaults: t.stringList({
      description: "Kinds of faults that were set by the simulator's own control API.",
      resolve: ({ others }) => [...others],
    }),
  }),
});

interface SimulatorView {
  readonly isRunning: boolean;
  readonly providers: readonly SimulatedProvider[];
}

const SimulatorType = builder.objectRef<SimulatorView>('Simulator').implement({
  description: 'The simulator and its levers, shared by the whole installation.',
  fields: (t) => ({
    isRunning: t.exposeBoolean('isRunning', { description: 'Whether simulated failures can be set here.' }),
    providers: t.field({
      type: [SimulatedProviderType],
      description: 'The simulated providers.',
      resolve: ({ providers }) => [...providers],
    }),
  }),
});

function readSimulator({ providers, simulatedFailures }: Services): SimulatorView {
  const simulated = providers.instances.filter(({ origin }) => origin === 'simulated');
  return {
    isRunning: simulatedFailures !== undefined && simulated.length > 0,
    providers: simulatedFailures ? simulated.map((instance) => describe(simulatedFailures, instance)) : [],
  };
}

function describe(failures: SimulatedFailures, instance: ProviderInstance): SimulatedProvider {
  return { instance, failure: failures.of(instance.type), others: failures.othersOf(instance.type) };
}

builder.queryField('simulator', (t) =>
  t.field({
    type: SimulatorType,
    description: 'The simulator and what it was told to get wrong.',
    resolve: (_root, _args, { services }) => readSimulator(services),
  }),
);

const SetSimulatedFailureInput = builder.inputType('SetSimulatedFailureInput', {
  description: 'What a simulated provider is to get wrong from now on. It replaces what was set before.',
  fields: (t) => ({
    providerId: t.id({ required: true, description: 'The simulated provider.' }),
    errorRate: t.float({ description: 'Share of calls that are answered with `status`, 0 to 1.' }),
    status: t.int({ description: 'HTTP status of those errors: 429, 500, 503, 529, …; 503 when absent.' }),
    latencyMs: t.int({ description: 'Time added before every answer, at most 120,000.' }),
    tokensPerSecond: t.float({ description: 'How fast every answer is written, 0.1 to 10,000.' }),
    outage: t.boolean({ description: 'Every call is cut off without an answer, also the connection test.' }),
    cutAfterTokens: t.int({ description: 'Every stream breaks off after so many tokens.' }),
    stallAfterTokens: t.int({ description: 'Every stream falls silent after so many tokens.' }),
  }),
});

const statuses = [400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 504, 529] as const;

const failureInput = z.object({
  errorRate: z.number().min(0).max(1).nullish(),
  status: z
    .union(
      statuses.map((status) => z.literal(status)),
      `Give one of ${statuses.join(', ')}.`,
    )
    .nullish(),
  latencyMs: z.int().min(0).max(120_000).nullish(),
  tokensPerSecond: z.number().min(0.1).max(10_000).nullish(),
  outage: z.boolean().nullish(),
  cutAfterTokens: z.int().min(0).max(1_000_000).nullish(),
  stallAfterTokens: z.int().min(0).max(1_000_000).nullish(),
});

const SetSimulatedFailureSuccess = builder.objectRef<SimulatedProvider>('SetSimulatedFailureSuccess').implement({
  description: 'It holds from the next call on.',
  fields: (t) => ({
    simulated: t.field({
      type: SimulatedProviderType,
      description: 'The provider as it stands now.',
      resolve: (simulated) => simulated,
    }),
  }),
});

const ClearSimulatedFailuresSuccess = builder.objectRef<SimulatorView>('ClearSimulatedFailuresSuccess').implement({
  description: 'What was set here is taken back, for all providers.',
  fields: (t) => ({
    simulator: t.field({
      type: SimulatorType,
      description: 'The simulator as it stands now.',
      resolve: (simulator) => simulator,
    }),
  }),
});

function failuresOf(services: Services): SimulatedFailures {
  if (services.simulatedFailures) return services.simulatedFailures;
  throw new ConflictFailure(
    'PROVIDERS.SIMULATOR_ABSENT',
    'The simulator does not run inside this server. Start it with SWITCHYARD_SIMULATOR=on.',
    ['input'],
  );
}

builder.mutationFields((t) => ({
  setSimulatedFailure: t.field({
    type: SetSimulatedFailureSuccess,
    description: 'Tells a simulated provider what to get wrong, for the whole installation. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'SetSimulatedFailureResult', description: 'The provider, or why nothing was set.' },
    },
    args: { input: t.arg({ type: SetSimulatedFailureInput, required: true, description: 'What to get wrong.' }) },
    resolve: (_root, { input: { providerId, ...rest } }, { services, identity }) => {
      assertMayManage(identity, 'MODELS', 'set simulated failures');
      const id = decodeId(providerId, 'Provider');
      const instance = id === undefined ? undefined : services.providers.find(identity.teamId, id);
      if (!instance) throw new NotFoundFailure('provider', ['input', 'providerId']);
      if (instance.origin !== 'simulated') {
        throw new ConflictFailure('PROVIDERS.NOT_SIMULATED', `${instance.displayName} is a real provider.`, [
          'input',
          'providerId',
        ]);
      }
      const failures = failuresOf(services);
      failures.set(instance.type, parseInput(failureInput, rest));
      return describe(failures, instance);
    },
  }),
  clearSimulatedFailures: t.field({
    type: ClearSimulatedFailuresSuccess,
    description: 'Takes back what was set here, for all simulated providers. Needs the scope MANAGE.',
    errors: {
      types: [ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'ClearSimulatedFailuresResult', description: 'The simulator, or why nothing was done.' },
    },
    resolve: (_root, _args, { services, identity }) => {
      assertMayManage(identity, 'MODELS', 'set simulated failures');
      failuresOf(services).clear();
      return readSimulator(services);
    },
  }),
}));

import type { DeliveryMode } from '@switchyard/core/dispatch';
import { defaultChainPolicy } from '@switchyard/core/dispatch';
import {
  type ConfiguredAlias,
  type ConfiguredChain,
  resolveModelName,
  type SourcePosition,
} from '@switchyard/core/provisioning';
import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { ModelType } from '../catalog/catalog.schema.ts';

const DeliveryModeEnum = builder.enumType('DeliveryMode', {
  description: 'What happens when an answer breaks after some of it was passed on.',
  values: {
    RESTART: { value: 'restart', description: 'It becomes void and another model begins anew.' },
    CONTINUE: { value: 'continue', description: 'A model that can writes on.' },
    HOLD_BACK: { value: 'hold-back', description: 'Nothing is passed on before it is complete.' },
    FAIL: { value: 'fail', description: 'It ends with the error.' },
  } satisfies Record<string, { value: DeliveryMode; description: string }>,
});

const SourcePositionType = builder.objectRef<SourcePosition>('SourcePosition').implement({
  description: 'A place in the configuration file.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'From 1.' }),
    column: t.exposeInt('column', { description: 'From 1.' }),
  }),
});

const ChainCandidateType = builder.objectRef<{ readonly modelId: string }>('ChainCandidate').implement({
  description: 'A model of a failover chain.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    model: t.field({
      type: ModelType,
      nullable: true,
      description: 'The model; null when nobody offers it to your team.',
      resolve: ({ modelId }, _args, { services, identity }) =>
        services.providers.findModel(identity.teamId, modelId) ?? null,
    }),
    isAvailable: t.boolean({
      description: 'Whether it can be called now.',
      resolve: ({ modelId }, _args, { services, identity }) =>
        'adapter' in services.providers.resolveTarget(identity.teamId, modelId),
    }),
    unavailableReason: t.string({
      nullable: true,
      description: 'What to do when it cannot be called.',
      resolve: ({ modelId }, _args, { services, identity }) => {
        const target = services.providers.resolveTarget(identity.teamId, modelId);
        return 'reason' in target ? target.reason : null;
      },
    }),
  }),
});

const placeOf = ({ providers }: Services, { line }: SourcePosition) => `${providers.snapshot.fileName}:${line}`;
const resolveName = ({ providers }: Services, name: string) =>
  resolveModelName(name, providers.snapshot.configuration)?.models ?? [];

const ModelAliasType = builder.objectRef<ConfiguredAlias>('ModelAlias').implement({
  description: 'A short name that may be written where a model is asked for.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What to write.' }),
    target: t.exposeString('target', { description: 'A model, another alias or a chain.' }),
    resolvesTo: t.stringList({
      description: 'The models it stands for in the end, in order, as `provider/model`.',
      resolve: ({ name }, _args, { services }) => [...resolveName(services, name)],
    }),
    source: t.string({
      description: 'Where it is described, for example `switchyard.yaml:31`.',
      resolve: ({ position }, _args, { services }) => placeOf(services, position),
    }),
    position: t.expose('position', { type: SourcePositionType, description: 'The same as numbers.' }),
  }),
});

const FailoverChainType = builder.objectRef<ConfiguredChain>('FailoverChain').implement({
  description: 'Models that are asked in order until one answers. Its name may be written where a model is asked for.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What to write.' }),
    models: t.field({
      type: [ChainCandidateType],
      description: 'The models it leads to, in order; aliases and inner chains are followed.',
      resolve: ({ name }, _args, { services }) => resolveName(services, name).map((modelId) => ({ modelId })),
    }),
    delivery: t.field({
      type: DeliveryModeEnum,
      description: 'What happens when an answer breaks half-way.',
      resolve: ({ delivery }, _args, { services }) =>
        delivery ?? services.providers.snapshot.configuration.defaults.delivery ?? defaultChainPolicy.delivery,
    }),
    source: t.string({
      description: 'Where it is described, for example `switchyard.yaml:40`.',
      resolve: ({ position }, _args, { services }) => placeOf(services, position),
    }),
    position: t.expose('position', { type: SourcePositionType, description: 'The same as numbers.' }),
  }),
});

builder.queryFields((t) => ({
  modelAliases: t.field({
    type: [ModelAliasType],
    description: 'All short names for models, in the order of the configuration file.',
    resolve: (_root, _args, { services }) => [...services.providers.snapshot.configuration.aliases],
  }),
  failoverChains: t.field({
    type: [FailoverChainType],
    description: 'All failover chains, in the order of the configuration file.',
    resolve: (_root, _args, { services }) => [...services.providers.snapshot.configuration.chains],
  }),
}));

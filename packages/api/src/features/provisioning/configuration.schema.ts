import type { ConfigurationProblem } from '@switchyard/core/provisioning';
import { mayDo } from '../../auth/identity.ts';
import { builder } from '../../graphql/builder.ts';
import { ForbiddenFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import type { ConfigurationReading, ConfigurationStatus } from './configuration-file.ts';

const ConfigurationStateEnum = builder.enumType('ConfigurationState', {
  description: 'How the configuration file stands.',
  values: {
    ABSENT: { description: 'There is none; the environment and the dashboard are all there is.' },
    LOADED: { description: 'It is in force.' },
    LAST_GOOD_KEPT: { description: 'It cannot be used as it is on the disk; the last good one is in force.' },
  } as const,
});

const ConfigurationSeverityEnum = builder.enumType('ConfigurationSeverity', {
  description: 'How bad a problem of the file is.',
  values: {
    ERROR: { value: 'error', description: 'The file cannot be used.' },
    WARNING: { value: 'warning', description: 'The file can be used; this part may not do what was meant.' },
  } as const,
});

const ConfigurationProblemType = builder.objectRef<ConfigurationProblem>('ConfigurationProblem').implement({
  description: 'Something that is wrong with the configuration file.',
  fields: (t) => ({
    severity: t.expose('severity', { type: ConfigurationSeverityEnum, description: 'How bad it is.' }),
    code: t.exposeString('code', { description: 'Stable; for example `UNKNOWN_FIELD`.' }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    path: t.exposeString('path', { description: 'Where in the file: `providers[1].base_url`; empty for the whole.' }),
    line: t.int({ description: 'From 1.', resolve: ({ position }) => position.line }),
    column: t.int({ description: 'From 1.', resolve: ({ position }) => position.column }),
    suggestion: t.string({
      nullable: true,
      description: 'What to write instead.',
      resolve: ({ suggestion }) => suggestion ?? null,
    }),
  }),
});

const FeatureFlagType = builder
  .objectRef<{ readonly name: string; readonly isEnabled: boolean }>('FeatureFlag')
  .implement({
    description: 'A part of the product that the operator switches.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'For example `workflow.multiModel`.' }),
      isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it is on.' }),
    }),
  });

const ConfigurationType = builder.objectRef<ConfigurationStatus>('Configuration').implement({
  description: 'The configuration file of the installation.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', { description: 'Its name without folders.' }),
    path: t.string({
      nullable: true,
      description: 'Where it is looked for on the server; null without the scope MANAGE.',
      resolve: ({ path }, _args, { identity }) => (mayDo(identity, 'MANAGE', 'MODELS') ? path : null),
    }),
    state: t.expose('state', { type: ConfigurationStateEnum, description: 'How it stands.' }),
    loadedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last taken; null while there is none.',
      resolve: ({ loadedAtMs }) => (loadedAtMs === undefined ? null : new Date(loadedAtMs)),
    }),
    problems: t.field({
      type: [ConfigurationProblemType],
      nullable: true,
      description: 'What is wrong with it as it is on the disk; null without the scope MANAGE.',
      resolve: ({ problems }, _args, { identity }) => (mayDo(identity, 'MANAGE', 'MODELS') ? [...problems] : null),
    }),
    features: t.field({
      type: [FeatureFlagType],
      description: 'The switches that the file sets.',
      resolve: ({ configuration }) =>
        Object.entries(configuration.features).map(([name, isEnabled]) => ({ name, isEnabled: isEnabled === true })),
    }),
  }),
});

builder.queryField('configuration', (t) =>
  t.field({
    type: ConfigurationType,
    description: 'The configuration file of the installation and how it stands.',
    resolve: (_root, _args, { services }) => services.provisioner.file.status,
  }),
);

const ReloadConfigurationSuccess = builder
  .objectRef<ConfigurationReading & { readonly status: ConfigurationStatus }>('ReloadConfigurationSuccess')
  .implement({
    description: 'The file was read; `isApplied` tells whether it is in force.',
    fields: (t) => ({
      isApplied: t.exposeBoolean('isApplied', {
        description: 'Whether the file is in force as it is on the disk; otherwise the last good one is.',
      }),
      problems: t.field({
        type: [ConfigurationProblemType],
        description: 'What is wrong with it.',
        resolve: ({ problems }) => [...problems],
      }),
      configuration: t.expose('status', { type: ConfigurationType, description: 'The file as it stands now.' }),
    }),
  });

builder.mutationField('reloadConfiguration', (t) =>
  t.field({
    type: ReloadConfigurationSuccess,
    description: 'Reads the configuration file, and the price table, again at once. Needs the scope MANAGE.',
    errors: {
      types: [ForbiddenFailure],
      directResult: true,
      union: { name: 'ReloadConfigurationResult', description: 'What was found, or why the file was not read.' },
    },
    resolve: async (_root, _args, { services, identity }) => {
      assertMayManage(identity, 'MODELS', 'reload the configuration');
      const reading = await services.provisioner.reloadFile();
      await services.prices.reloadTable();
      return { ...reading, status: services.provisioner.file.status };
    },
  }),
);

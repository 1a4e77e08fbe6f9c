export {
  type Configuration,
  type ConfigurationProblem,
  type ConfiguredAlertChannel,
  type ConfiguredAlias,
  type ConfiguredBudget,
  type ConfiguredChain,
  type ConfiguredCostControls,
  type ConfiguredDefaults,
  type ConfiguredFailover,
  type ConfiguredHealth,
  type ConfiguredModel,
  type ConfiguredPaidProbe,
  type ConfiguredPatience,
  type ConfiguredPrice,
  type ConfiguredProvider,
  type ConfiguredRole,
  type ConfiguredRouting,
  type ConfiguredWorkflow,
  emptyConfiguration,
  type FeatureFlags,
  type ProviderLimits,
  type SourcePosition,
} from './configuration.ts';
export { configurationJsonSchema } from './configuration-json-schema.ts';
export { type ResolvedModelName, resolveModelName } from './names/resolve-model-name.ts';
export { type ConfigurationProblemCode, configurationProblemCodes } from './problem-code.ts';
export { type ReadConfiguration, readConfiguration } from './read-configuration.ts';
export { looksSecret } from './schema/describe-value.ts';
export { writeFailoverYaml } from './write-failover.ts';

export {
  type Configuration,
  type ConfigurationProblem,
  type ConfiguredAlias,
  type ConfiguredChain,
  type ConfiguredDefaults,
  type ConfiguredModel,
  type ConfiguredPrice,
  type ConfiguredProvider,
  emptyConfiguration,
  type FeatureFlags,
  type ProviderLimits,
  type SourcePosition,
} from './configuration.ts';

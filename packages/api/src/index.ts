export { createOperatorReset, UnknownPerson } from './auth/operator-reset.ts';
export type { ResealReport } from './auth/reseal-stored-secrets.ts';
export { RotationRefused, rotateSecret } from './auth/rotate-secret.ts';
export { readSettings, SettingsError } from './env.ts';
export type { SimulatorControl, SimulatorFault } from './features/providers/simulated-failures.ts';
export { readConfigurationFile } from './features/provisioning/read-configuration-file.ts';
export type { RequestHandler } from './http/http-server.ts';
export {
  type ApiServer,
  createApiServer,
  type ProviderSummary,
  type ServerParts,
  type StartedServer,
} from './server.ts';
export type { ApiSettings } from './settings.ts';

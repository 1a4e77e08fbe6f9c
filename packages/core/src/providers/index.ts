export { acceptsPrefill } from './accepts-prefill.ts';
export { createModelAdapter } from './create-model-adapter.ts';
export { AddressRefusedError, checkEndpoint, isAddressAllowed } from './guarded-fetch/address-policy.ts';
export { createHttpAgent, type LookupAll } from './guarded-fetch/http-agents.ts';
export { createRedactor, type Redact } from './guarded-fetch/redactor.ts';
export type { AddressPolicy, ProviderConnection } from './provider-connection.ts';
export type { EmbeddingQuirks, OpenAiChatQuirks, ProviderProfile, WireProtocol } from './provider-profile.ts';
export { providerProfiles } from './provider-profiles.ts';
export type { DecoderProgress, DecoderStep, StreamDecoder } from './stream-decoder.ts';

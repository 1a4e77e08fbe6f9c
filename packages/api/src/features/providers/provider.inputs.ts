import { builder } from '../../graphql/builder.ts';
import { ProviderTypeEnum } from '../../graphql/enums.ts';

const ProviderHeaderInput = builder.inputType('ProviderHeaderInput', {
  description: 'A header that is sent with every call. Its value is kept like a key and never shown again.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For example `x-tenant`.' }),
    value: t.string({ required: true, description: 'Printable ASCII.' }),
  }),
});

const ProviderLimitsInput = builder.inputType('ProviderLimitsInput', {
  description: 'How many calls a provider takes. Absent: any number.',
  fields: (t) => ({
    maxConcurrent: t.int({ description: 'Calls at a time, per server process: 1 to 10,000.' }),
    maxQueued: t.int({ description: 'Calls that may wait for a slot; one more is refused at once.' }),
    queueMs: t.int({ description: 'Longest wait for a slot.' }),
    requestsPerMinute: t.int({ description: 'Calls begun within a minute.' }),
    tokensPerMinute: t.int({ description: 'Tokens within a minute.' }),
  }),
});

const ProviderRetryInput = builder.inputType('ProviderRetryInput', {
  description: 'When the same model is asked again. Absent: as for all providers.',
  fields: (t) => ({
    maxAttempts: t.int({ description: 'Calls of one model for one answer, the first included: 1 to 10.' }),
    patienceMs: t.int({ description: 'The longest wait for a model while another one could answer at once.' }),
    maxTotalWaitMs: t.int({ description: 'All waits for one answer together.' }),
  }),
});

const ProviderDeadlinesInput = builder.inputType('ProviderDeadlinesInput', {
  description: 'How long one call may take, each at most an hour. Absent: as for all providers.',
  fields: (t) => ({
    firstTokenMs: t.int({ description: 'Until the first token.' }),
    idleMs: t.int({ description: 'Between two tokens.' }),
    totalMs: t.int({ description: 'Until the whole answer.' }),
  }),
});

const ConfiguredModelInput = builder.inputType('ConfiguredModelInput', {
  description:
    'A model that the catalogue does not know, or knows differently. What is absent stays as the catalogue says.',
  fields: (t) => ({
    vendorModelId: t.string({ required: true, description: "The provider's own name of it." }),
    displayName: t.string({ description: 'For people.' }),
    vision: t.boolean({ description: 'Takes images.' }),
    tools: t.boolean({ description: 'Asks for tools to be called.' }),
    json: t.boolean({ description: 'Can be held to JSON.' }),
    reasoning: t.boolean({ description: 'Thinks before it answers.' }),
    contextWindowTokens: t.int({ description: 'How much it can read at once.' }),
    maxOutputTokens: t.int({ description: 'How much it can write at once.' }),
  }),
});

export const CreateProviderInput = builder.inputType('CreateProviderInput', {
  description: 'A provider to be made for your team.',
  fields: (t) => ({
    slug: t.string({
      required: true,
      description: 'What will stand before the slash of its model ids: lower-case letters, digits, dashes. It stays.',
    }),
    type: t.field({ type: ProviderTypeEnum, required: true, description: 'The kind of provider. It stays.' }),
    displayName: t.string({ description: "For people; the vendor's name when absent." }),
    baseUrl: t.string({ description: "Where it is called; the vendor's own address when absent." }),
    apiKey: t.string({ description: 'Its key. Kept sealed and never shown again.' }),
    headers: t.field({ type: [ProviderHeaderInput], description: 'Headers that are sent beside the key.' }),
    limits: t.field({ type: ProviderLimitsInput, description: 'How many calls it takes.' }),
    retry: t.field({ type: ProviderRetryInput, description: 'When the same model is asked again.' }),
    deadlines: t.field({ type: ProviderDeadlinesInput, description: 'How long one call may take.' }),
    models: t.field({ type: [ConfiguredModelInput], description: 'Models to be described by hand.' }),
    isEnabled: t.boolean({ description: 'Whether it is switched on; true when absent.' }),
    idempotencyKey: t.string({ description: 'Equal keys make one provider.' }),
  }),
});

export const UpdateProviderInput = builder.inputType('UpdateProviderInput', {
  description: 'What to change of a provider of your team. Absent: stays. Null: back to the default.',
  fields: (t) => ({
    providerId: t.id({ required: true, description: 'The provider.' }),
    displayName: t.string({ description: "For people; null for the vendor's name." }),
    baseUrl: t.string({
      description: 'Where it is called. Another address drops key and headers, unless new ones are given here.',
    }),
    apiKey: t.string({ description: 'A new key; null removes the key.' }),
    headers: t.field({ type: [ProviderHeaderInput], description: 'All headers anew; null removes them.' }),
    limits: t.field({ type: ProviderLimitsInput, description: 'All limits anew.' }),
    retry: t.field({ type: ProviderRetryInput, description: 'All of it anew.' }),
    deadlines: t.field({ type: ProviderDeadlinesInput, description: 'All of it anew.' }),
    models: t.field({ type: [ConfiguredModelInput], description: 'All models anew.' }),
  }),
});

export const DeleteProviderInput = builder.inputType('DeleteProviderInput', {
  description: 'A provider of your team to be deleted.',
  fields: (t) => ({ providerId: t.id({ required: true, description: 'The provider.' }) }),
});

export const SetProviderEnabledInput = builder.inputType('SetProviderEnabledInput', {
  description: 'A provider of your team to be switched on or off.',
  fields: (t) => ({
    providerId: t.id({ required: true, description: 'The provider.' }),
    isEnabled: t.boolean({ required: true, description: 'Whether it is to be on.' }),
  }),
});

export const TestProviderConnectionInput = builder.inputType('TestProviderConnectionInput', {
  description: 'Values as a form holds them, to be tried before they are kept.',
  fields: (t) => ({
    providerId: t.id({
      description:
        'The provider that the form changes: its stored key and headers stand in for absent ones, at the stored address only.',
    }),
    type: t.field({ type: ProviderTypeEnum, required: true, description: 'The kind of provider.' }),
    baseUrl: t.string({ description: "Where to call; the vendor's own address when absent." }),
    apiKey: t.string({ description: 'The key to try.' }),
    headers: t.field({ type: [ProviderHeaderInput], description: 'Headers that are sent beside the key.' }),
  }),
});

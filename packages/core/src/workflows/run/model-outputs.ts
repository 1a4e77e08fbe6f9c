import { splitModelId } from '../../catalog/index.ts';
import type { CallAnswer, ModelOutputs } from './run-fact.ts';

/** Answers by provider and model; when one model answered twice, the earlier place in the step counts. */
export function modelOutputsOf(answers: readonly CallAnswer[]): ModelOutputs {
  const outputs: Record<string, Record<string, unknown>> = {};
  for (const { modelId, providerId, value } of answers) {
    const parts = splitModelId(modelId) ?? { providerId, vendorModelId: modelId };
    const ofProvider = outputs[parts.providerId] ?? {};
    outputs[parts.providerId] = { [parts.vendorModelId]: value, ...ofProvider };
  }
  return outputs;
}

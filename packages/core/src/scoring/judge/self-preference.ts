/** How near a judge is to a model that it judges. */
export type JudgeKinship = 'same-model' | 'same-vendor' | 'none';

/**
 * Judges prefer their own writing (Panickssery, Bowman & Feng 2024, "LLM evaluators recognize and favor their own
 * generations"). `provider/model` names; dates and versions behind a model's name make no other model of it. Vendors that only
 * host the models of others (OpenRouter, …) are looked through: `openrouter/openai/gpt-5` is openai's.
 */
export function judgeKinship(judgeModel: string, judgedModel: string): JudgeKinship {
  const [judge, judged] = [split(judgeModel), split(judgedModel)];
  if (judge.model === judged.model) return 'same-model';
  const isSameVendor = judge.vendor === judged.vendor || familyOf(judge.model) === familyOf(judged.model);
  return isSameVendor ? 'same-vendor' : 'none';
}

function split(name: string): { readonly vendor: string; readonly model: string } {
  const parts = name.toLowerCase().split('/');
  const model = (parts.at(-1) ?? '').replace(/(?:-latest|-preview|[-@:]?\d{4}-?\d{2}-?\d{2})$/g, '');
  return { vendor: parts.at(-2) ?? '', model };
}

const familyOf = (model: string): string => /^[a-z]+/.exec(model)?.[0] ?? model;

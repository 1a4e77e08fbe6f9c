import { isMap, type StepModel } from './definition.ts';

/** What is set for one model of a step, in a few words: `≤ $0.10 · weight 2 · temperature 0.2`. */
export function modelWords({ guardrails, parameters, routingWeight }: StepModel): string {
  const limits = isMap(guardrails) ? guardrails : {};
  const parts = [
    limits.costLimitUsd === undefined ? '' : `≤ $${String(limits.costLimitUsd)}`,
    typeof limits.tokenLimit === 'number' ? `≤ ${limits.tokenLimit.toLocaleString('en-US')} tokens` : '',
    typeof limits.latencyTargetMs === 'number' ? `target ${limits.latencyTargetMs.toLocaleString('en-US')} ms` : '',
    routingWeight === undefined ? '' : `weight ${routingWeight}`,
    ...Object.entries(isMap(parameters) ? parameters : {}).map(([name, value]) =>
      typeof value === 'object' ? splitWords(name) : `${splitWords(name)} ${String(value)}`,
    ),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** `maxOutputTokens` as people write it: `max output tokens`. */
export const splitWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

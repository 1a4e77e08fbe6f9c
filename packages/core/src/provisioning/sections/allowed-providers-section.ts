import { providerTypes } from '../../catalog/index.ts';
import { list, oneOf } from '../schema/fields.ts';
import { defineSection } from '../section.ts';

export const allowedProvidersSection = defineSection({
  key: 'allowed_providers',
  schema: list(oneOf(providerTypes), 'provider types', { max: 100 }).describe(
    'The only types of provider that may be used at all. Without it all may be. ALLOWED_MODEL_PROVIDERS narrows it further.',
  ),
  read(types, context) {
    types.forEach((type, index) => {
      if (types.indexOf(type) === index) return;
      context.report('DUPLICATE_ENTRY', ['allowed_providers', index], `"${type}" is already in the list.`, {
        severity: 'warning',
        suggestion: 'Remove one of the two.',
      });
    });
    return { allowedProviders: [...new Set(types)] };
  },
});

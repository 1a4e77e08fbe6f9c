import { defined } from '../schema/defined.ts';
import { fields, flag } from '../schema/fields.ts';
import { defineSection } from '../section.ts';

export const featuresSection = defineSection({
  key: 'features',
  schema: fields({
    'workflow.multiModel': flag().optional().describe('Whether one workflow may use several models.'),
    'models.adaptiveRouting': flag()
      .optional()
      .describe('Whether the router learns from what it measured. FEATURE_MODELS_ADAPTIVE sets it as well.'),
  }).describe('Features that can be switched on and off.'),
  read: (value) => ({ features: defined(value) }),
});

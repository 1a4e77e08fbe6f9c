import { taskPreferenceRules } from '../../routing/index.ts';
import { checkName } from '../names/check-name.ts';
import { list, named, text } from '../schema/fields.ts';
import { defineSection } from '../section.ts';
import { followNames } from './follow-names.ts';

export const taskPreferencesSection = defineSection({
  key: 'task_preferences',
  schema: named(
    list(text('the name of a model, an alias or a chain', { max: 300 }), 'models', { min: 1, max: 16 }),
    'classes of task and their models',
  ).describe('Which models are asked first for a class of task, best first: summarize: [openai/gpt-5-mini, …].'),
  read(given, _context, soFar) {
    const followed = Object.entries(given).map(
      ([taskClass, models]) => [taskClass, followNames(models, soFar)] as const,
    );
    return { taskPreferences: taskPreferenceRules(Object.fromEntries(followed)) };
  },
  check(given, context, configuration) {
    for (const [taskClass, models] of Object.entries(given)) {
      models.forEach((model, index) => {
        checkName(model.trim(), ['task_preferences', taskClass, index], context, configuration);
      });
    }
  },
});

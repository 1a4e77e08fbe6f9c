import { checkName, checkNameIsFree } from '../names/check-name.ts';
import { named, text } from '../schema/fields.ts';
import { defineSection } from '../section.ts';

export const aliasesSection = defineSection({
  key: 'aliases',
  schema: named(
    text('the name of a model, an alias or a chain', { max: 300 }),
    'names and what they stand for',
  ).describe('Short names: smart: openai/gpt-5. The target is a model, another alias or a chain.'),
  read(given, context) {
    const aliases = Object.entries(given).map(([name, target]) => ({
      name,
      target: target.trim(),
      position: context.positionOf(['aliases', name], 'key'),
    }));
    return { aliases };
  },
  check(given, context, configuration) {
    for (const [name, target] of Object.entries(given)) {
      checkNameIsFree(name, ['aliases', name], context);
      checkName(target.trim(), ['aliases', name], context, configuration);
    }
  },
});

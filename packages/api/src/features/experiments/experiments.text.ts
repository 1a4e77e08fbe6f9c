import { type DefinitionText, readDefinitionText, writeDefinitionYaml } from '@switchyard/core/experiments';
import { builder } from '../../graphql/builder.ts';

const TextFormatEnum = builder.enumType('ExperimentTextFormat', {
  description: 'How a definition is written.',
  values: {
    JSON: { value: 'json' as const, description: 'As JSON, indented.' },
    YAML: { value: 'yaml' as const, description: 'As YAML 1.2, for people and version control.' },
  },
});

type Written = DefinitionText & { readonly format: 'json' | 'yaml' };

const TextType = builder.objectRef<Written>('ExperimentText').implement({
  description: 'A definition as text and as data.',
  fields: (t) => ({
    definition: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What the text says; null when it cannot be read.',
      resolve: (written) => ('value' in written ? written.value : null),
    }),
    text: t.string({
      nullable: true,
      description: 'The same in the format asked for; null when it cannot be read.',
      resolve: (written) => {
        if (!('value' in written)) return null;
        const { value, format } = written;
        return format === 'yaml' ? writeDefinitionYaml(value) : `${JSON.stringify(value, null, 2)}\n`;
      },
    }),
    problem: t.string({
      nullable: true,
      description:
        'Why it cannot be read, with the place. Whether it is a good test is told by the problems of a draft.',
      resolve: (written) => ('problem' in written ? written.problem : null),
    }),
  }),
});

builder.queryFields((t) => ({
  experimentText: t.field({
    type: TextType,
    description: 'Reads the definition of a test from YAML or JSON and writes it again. Stores nothing.',
    complexity: { field: 5, multiplier: 1 },
    args: {
      text: t.arg.string({
        required: true,
        description: 'JSON of a million characters or YAML of 200,000 at the most.',
      }),
      format: t.arg({ type: TextFormatEnum, required: true, description: 'How to write it.' }),
    },
    resolve: (_root, { text, format }) => ({ ...readDefinitionText(text), format }),
  }),
}));

import { builder } from '../../graphql/builder.ts';

export const CallContextInput = builder.inputType('CallContextInput', {
  description: 'What a call is for. Rules and settings go by it, and the router learns each kind of work apart.',
  fields: (t) => ({
    role: t.string({ description: 'The model role, for example `coder`.' }),
    workflow: t.string({ description: 'The workflow that it belongs to.' }),
    step: t.string({ description: 'The step within the workflow.' }),
    taskClass: t.string({ description: 'The kind of task, for example `summarize`.' }),
  }),
});

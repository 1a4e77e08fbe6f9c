const words: Record<string, string> = {
  'comparison-lane': 'a comparison',
  complete: 'a completion',
  'openai-compatible': 'an OpenAI-compatible client',
  'workflow-step': 'a step of a workflow',
  experiment: 'a test',
};

/** What a call was for, in words. */
export const sourceWords = (source: string): string => words[source] ?? source.replaceAll('-', ' ');

export interface Snippet {
  readonly value: string;
  readonly label: string;
  readonly text: string;
}

const query = `mutation ($input: CompleteInput!) {
  complete(input: $input) {
    ... on CompleteSuccess { text costUsd latencyMs }
    ... on UserError { code message }
  }
}`;

/** Requests that work at once with the key, in the ways that apps ask. */
export function keySnippets(secret: string, origin: string, modelId = 'openai/gpt-5-mini'): readonly Snippet[] {
  const prompt = 'Say hello in one sentence.';
  const variables = { input: { model: modelId, prompt } };
  const body = JSON.stringify({ query: query.replace(/\s+/g, ' '), variables }, null, 2);
  return [
    {
      value: 'curl',
      label: 'curl',
      text: `curl ${origin}/graphql \\
  -H 'authorization: Bearer ${secret}' \\
  -H 'content-type: application/json' \\
  --data '${body}'`,
    },
    {
      value: 'graphql',
      label: 'GraphQL',
      text: `# POST ${origin}/graphql
# authorization: Bearer ${secret}
${query}

# variables
${JSON.stringify(variables, null, 2)}`,
    },
    {
      value: 'openai',
      label: 'TypeScript, OpenAI SDK',
      text: `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${origin}/v1',
  apiKey: '${secret}',
});

const stream = await client.chat.completions.create({
  model: '${modelId}',
  messages: [{ role: 'user', content: '${prompt}' }],
  stream: true,
});
for await (const part of stream) process.stdout.write(part.choices[0]?.delta?.content ?? '');`,
    },
    {
      value: 'typescript',
      label: 'TypeScript, GraphQL',
      text: `const response = await fetch('${origin}/graphql', {
  method: 'POST',
  headers: {
    authorization: 'Bearer ${secret}',
    'content-type': 'application/json',
  },
  body: JSON.stringify({
    query: \`${query.replaceAll('\n', '\n    ')}\`,
    variables: { input: { model: '${modelId}', prompt: '${prompt}' } },
  }),
});
const { data, errors } = await response.json();
if (errors) throw new Error(errors[0].message);
console.log(data.complete.text ?? data.complete.message);`,
    },
    {
      value: 'python',
      label: 'Python',
      text: `from openai import OpenAI

client = OpenAI(
    base_url="${origin}/v1",
    api_key="${secret}",
)
answer = client.chat.completions.create(
    model="${modelId}",
    messages=[{"role": "user", "content": "${prompt}"}],
)
print(answer.choices[0].message.content)`,
    },
  ];
}

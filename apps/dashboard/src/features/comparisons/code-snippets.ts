import type { StartComparisonInput } from '../../gql/comparisons.ts';

export type SnippetLanguage = 'graphql' | 'curl' | 'typescript';

const keyPlaceholder = 'sk-…your-key…';
const mutation = `mutation StartComparison($input: StartComparisonInput!) {
  startComparison(input: $input) {
    ... on StartComparisonSuccess { comparison { id lanes { id modelId } } }
    ... on UserError { code message }
  }
}`;
const subscription = `subscription Events($id: ID!, $afterSeq: Int) {
  comparisonEvents(comparisonId: $id, afterSeq: $afterSeq) {
    __typename
    ... on SequencedEvent { seq at }
    ... on OutputDelta { laneId text }
    ... on OutputCompleted { laneId costUsd latencyMs timeToFirstTokenMs }
    ... on LaneFailed { laneId failure { kind message remedy } }
  }
}`;

/** Images are named, not written out: a snippet with megabytes of base64 helps nobody. */
function shownInput(input: StartComparisonInput): StartComparisonInput {
  const { idempotencyKey: _key, images, ...rest } = input;
  return images?.length ? { ...rest, images: images.map(({ mediaType }) => ({ mediaType, dataBase64: '…' })) } : rest;
}

function curl(input: StartComparisonInput, origin: string): string {
  const body = JSON.stringify({ query: mutation, variables: { input: shownInput(input) } }, null, 2).replaceAll(
    "'",
    "'\\''",
  );
  return `curl ${origin}/graphql \\
  -H 'authorization: Bearer ${keyPlaceholder}' \\
  -H 'content-type: application/json' \\
  --data '${body}'`;
}

function typescript(input: StartComparisonInput, origin: string): string {
  return `import { createClient } from 'graphql-ws'; // Node 22 or newer, or a browser

const key = '${keyPlaceholder}';
const response = await fetch('${origin}/graphql', {
  method: 'POST',
  headers: { authorization: \`Bearer \${key}\`, 'content-type': 'application/json' },
  body: JSON.stringify({
    query: \`${mutation.replaceAll('\n', '\n    ')}\`,
    variables: { input: ${JSON.stringify(shownInput(input), null, 2).replaceAll('\n', '\n    ')} },
  }),
});
const { data } = await response.json();
const { comparison } = data.startComparison;

const events = createClient({
  url: '${origin.replace(/^http/, 'ws')}/graphql',
  connectionParams: { authorization: \`Bearer \${key}\` },
}).iterate({
  query: \`${subscription.replaceAll('\n', '\n  ')}\`,
  variables: { id: comparison.id, afterSeq: 0 },
});

for await (const { data } of events) {
  const event = data?.comparisonEvents;
  if (event?.__typename === 'OutputDelta') process.stdout.write(event.text);
}
`;
}

/** The very request of this page, ready to paste. `origin` is this server's own, for example `http://localhost:4400`. */
export function snippetOf(language: SnippetLanguage, input: StartComparisonInput, origin: string): string {
  if (language === 'curl') return curl(input, origin);
  if (language === 'typescript') return typescript(input, origin);
  return `${mutation}\n\n# variables\n${JSON.stringify({ input: shownInput(input) }, null, 2)}\n\n# then follow the answers\n${subscription}\n`;
}

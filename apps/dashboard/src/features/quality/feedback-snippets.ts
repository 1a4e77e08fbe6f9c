export type FeedbackLanguage = 'graphql' | 'curl' | 'typescript';

const document = `mutation Feedback($input: SubmitFeedbackInput!) {
  submitFeedback(input: $input) {
    ... on SubmitFeedbackSuccess { score isReplaced learningDecisions }
    ... on UserError { code message }
  }
}`;

/** How an app says what an answer was worth, ready to be copied; the key is a placeholder. */
export function feedbackSnippet(language: FeedbackLanguage, origin: string): string {
  if (language === 'graphql')
    return `${document}

# Variables. requestId: the x-request-id of the answer, or its id (chatcmpl-…).
{
  "input": {
    "of": { "requestId": "REQUEST_ID" },
    "score": 1,
    "comment": "solved the ticket"
  }
}`;
  if (language === 'curl')
    return `curl ${origin}/api/feedback \\
  -H "authorization: Bearer $SWITCHYARD_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{ "requestId": "REQUEST_ID", "score": 1, "comment": "solved the ticket" }'`;
  return `// After an answer: const { id } = await openai.chat.completions.create({ … });
async function sendFeedback(requestId: string, score: number, comment?: string) {
  const response = await fetch('${origin}/api/feedback', {
    method: 'POST',
    headers: {
      authorization: \`Bearer \${process.env.SWITCHYARD_API_KEY}\`,
      'content-type': 'application/json',
    },
    // 0 is useless, 1 is perfect; sending it again replaces what was said.
    body: JSON.stringify({ requestId, score, comment }),
  });
  if (!response.ok) throw new Error((await response.json()).message);
}`;
}

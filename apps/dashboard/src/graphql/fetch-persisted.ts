import { persistedIdOf } from './document.ts';

type Body = { query?: string; documentId?: string; operationName?: string; variables?: unknown };
type Support = 'untried' | 'known' | 'refused';

/** Whether the server knows our documents; decided by its first answer and kept for the page load. */
let support: Support = 'untried';

/** A reply that shows that the server did not take the id: nothing was run, so the text may be sent instead. */
async function isRefusal(response: Response): Promise<boolean> {
  const answer = (await response
    .clone()
    .json()
    .catch(() => undefined)) as { data?: unknown; errors?: { extensions?: { code?: string } }[] } | undefined;
  if (answer?.data) return false;
  const code = answer?.errors?.[0]?.extensions?.code;
  return (
    code === 'PERSISTED_DOCUMENT_NOT_FOUND' ||
    (support === 'untried' && code !== 'UNAUTHENTICATED' && code !== 'RATE_LIMITED')
  );
}

/**
 * `fetch` for urql. Sends the persisted id in place of the text once the server is known to hold our documents, and the text again
 * when it answers PERSISTED_DOCUMENT_NOT_FOUND (a server older or newer than this page).
 */
export const fetchPersisted: typeof fetch = async (input, init) => {
  if (support === 'refused' || typeof init?.body !== 'string') return fetch(input, init);
  const body = JSON.parse(init.body) as Body;
  const documentId = persistedIdOf(body.operationName);
  if (!documentId || !body.query) return fetch(input, init);
  const { query: _text, ...rest } = body;
  const response = await fetch(input, { ...init, body: JSON.stringify({ ...rest, documentId }) });
  if (!response.ok && (await isRefusal(response))) {
    support = 'refused';
    return fetch(input, init);
  }
  if (response.ok) support = 'known';
  return response;
};

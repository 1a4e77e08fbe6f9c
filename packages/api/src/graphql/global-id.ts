import { badInput } from './errors.ts';

/** Writes a Relay global id; the same form that Pothos uses. */
export function encodeId(typename: string, id: string): string {
  return Buffer.from(`${typename}:${id}`).toString('base64');
}

/** The raw id inside a global id of the type `typename`, or undefined when it is something else. */
export function decodeId(globalId: string, typename: string): string | undefined {
  const text = Buffer.from(globalId, 'base64').toString('utf8');
  const id = text.slice(typename.length + 1);
  return text.startsWith(`${typename}:`) && id !== '' && !id.includes('\0') ? id : undefined;
}

/** Both parts of a global id; throws what the client is told when it is none. */
export function splitGlobalId(globalId: string): { readonly typename: string; readonly id: string } {
  const text = Buffer.from(globalId, 'base64').toString('utf8');
  const [, typename, id] = /^(\w+):([^\0]+)$/s.exec(text) ?? [];
  if (typename === undefined || id === undefined) throw badInput('This is not an id of this API.');
  return { typename, id };
}

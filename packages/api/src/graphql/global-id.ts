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

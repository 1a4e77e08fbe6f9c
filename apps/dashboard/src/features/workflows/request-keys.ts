/** Gives what is sent a key by which the server knows it again. */
export interface RequestKeys {
  /** The same key as before while the same thing is sent again because no answer came; a new one for anything else. */
  keyFor(input: unknown): string;
  /** An answer came: what is sent next is meant anew, even when it is the same. */
  answered(): void;
}

export function requestKeys(newKey: () => string = () => crypto.randomUUID()): RequestKeys {
  let open: { readonly text: string; readonly key: string } | undefined;
  return {
    keyFor(input) {
      const text = JSON.stringify(input);
      if (open?.text !== text) open = { text, key: newKey() };
      return open.key;
    },
    answered() {
      open = undefined;
    },
  };
}

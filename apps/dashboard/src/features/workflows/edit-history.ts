/** A value with what it was before and what was undone. Values are never changed in place. */
export interface EditHistory<Value> {
  readonly past: readonly Value[];
  readonly present: Value;
  readonly future: readonly Value[];
  /** What the last edit was about and when: typing on in one field is one edit. */
  readonly last?: { readonly about: string; readonly atMs: number } | undefined;
}

export type HistoryAction<Value> =
  /** `about`: edits of the same thing shortly after each other are undone together; absent: each by itself. */
  | { readonly type: 'edit'; readonly value: Value; readonly about?: string | undefined; readonly atMs: number }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  /** Somebody else's value: what was done to the old one cannot be undone in it. */
  | { readonly type: 'replace'; readonly value: Value };

const togetherMs = 1_200;
const mostSteps = 200;

export const newHistory = <Value>(value: Value): EditHistory<Value> => ({ past: [], present: value, future: [] });

/** The history after an action. Undo after an edit gives what was there before it. */
export function applyToHistory<Value>(history: EditHistory<Value>, action: HistoryAction<Value>): EditHistory<Value> {
  const { past, present, future, last } = history;
  switch (action.type) {
    case 'edit': {
      if (Object.is(action.value, present)) return history;
      const { about, atMs, value } = action;
      const isTyping = about !== undefined && last?.about === about && atMs - last.atMs <= togetherMs;
      return {
        past: isTyping && past.length > 0 ? past : [...past, present].slice(-mostSteps),
        present: value,
        future: [],
        last: about === undefined ? undefined : { about, atMs },
      };
    }
    case 'undo': {
      const before = past.at(-1);
      if (before === undefined) return history;
      return { past: past.slice(0, -1), present: before, future: [present, ...future] };
    }
    case 'redo': {
      const [next, ...rest] = future;
      if (next === undefined) return history;
      return { past: [...past, present], present: next, future: rest };
    }
    case 'replace':
      return newHistory(action.value);
  }
}

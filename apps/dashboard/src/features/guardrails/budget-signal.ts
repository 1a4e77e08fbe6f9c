/** What of the guardrails changed. */
export type Topic = 'budgets' | 'approvals' | 'breaches';

interface Listener {
  topic: Topic;
  onChange: () => void;
}

const listeners = new Set<Listener>();
const waiting = new Map<Topic, ReturnType<typeof setTimeout>>();
/** Many refusals of one moment are one look. */
const gatherMs = 400;

/** Tells what is shown of a topic to look again, soon and once. */
export function tellChanged(topic: Topic): void {
  if (waiting.has(topic)) return;
  waiting.set(
    topic,
    setTimeout(() => {
      waiting.delete(topic);
      for (const listener of listeners) if (listener.topic === topic) listener.onChange();
    }, gatherMs),
  );
}

/** After a change of one's own: looks again at once. */
export function tellBudgetsChanged(): void {
  for (const listener of listeners) if (listener.topic === 'budgets') listener.onChange();
}

/** Runs `onChange` whenever the topic changed. Returns the way to stop. */
export function onChanged(topic: Topic, onChange: () => void): () => void {
  const listener = { topic, onChange };
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const listeners = new Set<() => void>();

/** Tells open lists that an alert came in, or that some may have been missed. */
export function tellAlertsChanged(): void {
  for (const listener of listeners) listener();
}

/** Runs `onChange` whenever alerts changed. Returns the way to stop. */
export function onAlertsChanged(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => listeners.delete(onChange);
}

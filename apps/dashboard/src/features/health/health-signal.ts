/** What of the health of providers changed; `resumed`: anything may have, while nobody listened. */
export type HealthChange =
  | { readonly what: 'provider'; readonly providerId: string }
  | { readonly what: 'incident'; readonly incidentId: string | undefined }
  | { readonly what: 'maintenance' }
  | { readonly what: 'rehearsal' }
  | { readonly what: 'resumed' };

type Listener = (change: HealthChange) => void;
const listeners = new Set<Listener>();

/** Tells open parts of the page that something changed. */
export function tellHealthChanged(change: HealthChange): void {
  for (const listener of listeners) listener(change);
}

/** Runs `listener` at every change. Returns the way to stop. */
export function onHealthChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

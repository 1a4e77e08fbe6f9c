type Name = 'palette' | 'shortcuts';
const listeners = new Map<Name, () => void>();

/** Lets any part of the page open the palette or the shortcut sheet, which load on first use. */
export const shellActions = {
  openPalette: () => listeners.get('palette')?.(),
  openShortcuts: () => listeners.get('shortcuts')?.(),
  /** Used by the one component that shows them; returns the way to take it back. */
  provide(name: Name, open: () => void): () => void {
    listeners.set(name, open);
    return () => listeners.delete(name);
  },
};

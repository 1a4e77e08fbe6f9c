/** Leads to the field of a place in the definition, or to the nearest one around it. */
export function focusField(path: readonly string[]): void {
  for (let length = path.length; length > 0; length -= 1) {
    const place = path.slice(0, length).join('.');
    const host = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(place)}"]`);
    if (!host) continue;
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    host.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' });
    host
      .querySelector<HTMLElement>('input, textarea, button, [contenteditable="true"]')
      ?.focus({ preventScroll: true });
    return;
  }
}

import type { RefObject } from 'react';
import { nearestField } from './problem-place.ts';

const tries = 30;
const everyMs = 60;

/**
 * Moves the focus to the field at `path`, or to the first one when it is empty: as soon as it is drawn, because its panel
 * and its editor may still be on their way.
 */
export function focusField(panel: RefObject<HTMLElement | null>, path: string, left = tries): void {
  setTimeout(() => {
    const marked = [...(panel.current?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
    const nearest =
      path === ''
        ? marked[0]?.dataset.field
        : nearestField(
            marked.flatMap(({ dataset }) => dataset.field ?? []),
            path,
          );
    const element = marked.find(({ dataset }) => dataset.field === nearest);
    const group = element?.closest('details');
    if (group) group.open = true;
    const target = element?.querySelector<HTMLElement>(
      '[contenteditable="true"], input:not([type="hidden"]), textarea, button',
    );
    if (!target) {
      if (left > 0) focusField(panel, path, left - 1);
      return;
    }
    target.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'center', behavior: 'auto' });
  }, everyMs);
}

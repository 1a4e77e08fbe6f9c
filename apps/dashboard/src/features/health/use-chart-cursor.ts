'use client';

import { type KeyboardEvent, type PointerEvent, useState } from 'react';

/** Where on a row of `count` values somebody looks: moved by the pointer and by arrow keys, Home, End and Page keys. */
export function useChartCursor(count: number, pageStep: number) {
  const [index, setIndex] = useState<number>();
  const last = count - 1;
  const move = (to: number) => setIndex(Math.max(0, Math.min(last, to)));
  const onKeyDown = (event: KeyboardEvent) => {
    const at = index ?? last;
    const targets: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageDown: at - pageStep,
      PageUp: at + pageStep,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (event.key === 'Escape') setIndex(undefined);
    if (target === undefined) return;
    event.preventDefault();
    move(target);
  };
  const onPointerMove = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    if (width > 0) move(Math.floor(((event.clientX - left) / width) * count));
  };
  return {
    /** Undefined while nobody looks at one value. */
    index: index === undefined || index > last ? undefined : index,
    /** What a screen reader is told of: the last value until somebody moves. */
    spoken: Math.min(index ?? last, last),
    handlers: {
      onKeyDown,
      onPointerMove,
      onPointerDown: onPointerMove,
      onPointerLeave: () => setIndex(undefined),
      onFocus: () => setIndex((known) => known ?? last),
      onBlur: () => setIndex(undefined),
    },
  };
}

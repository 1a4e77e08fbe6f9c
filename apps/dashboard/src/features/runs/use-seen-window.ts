'use client';

import { type RefObject, useEffect, useState } from 'react';
import type { Window } from './visible-cards.ts';

/** Scrolling less than this changes nothing: so much is drawn beyond the edges. */
const step = 150;

/** What is seen of a board that lies scaled within a frame that scrolls; undefined before it is known. */
export function useSeenWindow(frame: RefObject<HTMLElement | null>, scale: number): Window | undefined {
  const [seen, setSeen] = useState<Window>();
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let asked = 0;
    const look = () => {
      asked = 0;
      const round = (value: number) => Math.round(value / scale / step) * step;
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = element;
      const [left, top] = [round(scrollLeft), round(scrollTop)];
      const next = { left, top, right: left + clientWidth / scale, bottom: top + clientHeight / scale };
      setSeen((known) =>
        known?.left === next.left &&
        known.top === next.top &&
        known.right === next.right &&
        known.bottom === next.bottom
          ? known
          : next,
      );
    };
    const onScroll = () => {
      asked ||= requestAnimationFrame(look);
    };
    look();
    element.addEventListener('scroll', onScroll, { passive: true });
    const sizes = new ResizeObserver(onScroll);
    sizes.observe(element);
    return () => {
      cancelAnimationFrame(asked);
      element.removeEventListener('scroll', onScroll);
      sizes.disconnect();
    };
  }, [frame, scale]);
  return seen;
}

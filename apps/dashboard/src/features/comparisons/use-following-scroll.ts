'use client';

import { useCallback, useLayoutEffect, useRef, useState } from 'react';

const slackPx = 32;

/** Keeps a scrolling box at its end while text grows, until the reader scrolls up; going back to the end follows again. */
export function useFollowingScroll(isGrowing: boolean, length: number) {
  const ref = useRef<HTMLElement>(null);
  const [isFollowing, setFollowing] = useState(true);

  useLayoutEffect(() => {
    const box = ref.current;
    if (box && isGrowing && isFollowing) box.scrollTop = box.scrollHeight;
  }, [length, isGrowing, isFollowing]);

  const onScroll = useCallback(() => {
    const box = ref.current;
    if (box) setFollowing(box.scrollHeight - box.scrollTop - box.clientHeight < slackPx);
  }, []);

  return { ref, isFollowing, onScroll, follow: useCallback(() => setFollowing(true), []) };
}

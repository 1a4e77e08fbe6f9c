'use client';

import { useCallback, useLayoutEffect, useRef, useState } from 'react';

const slackPx = 32;

/** Keeps a scrolling box at its end while text grows, until the reader scrolls up; going back to the end follows again. */
export function useFollowingScroll(isGrowing: boolean, length: number) {
  const ref = useRef<HTMLElement>(null);
  const wasGrowing = useRef(false);
  const [isFollowing, setFollowing] = useState(true);

  useLayoutEffect(() => {
    const box = ref.current;
    // The end may bring something to read (a failure), so it is followed too.
    if (box && isFollowing && (isGrowing || wasGrowing.current)) box.scrollTop = box.scrollHeight;
    wasGrowing.current = isGrowing;
  }, [length, isGrowing, isFollowing]);

  const onScroll = useCallback(() => {
    const box = ref.current;
    if (box) setFollowing(box.scrollHeight - box.scrollTop - box.clientHeight < slackPx);
  }, []);

  return { ref, isFollowing, onScroll, follow: useCallback(() => setFollowing(true), []) };
}

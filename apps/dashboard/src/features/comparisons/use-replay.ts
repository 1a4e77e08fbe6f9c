'use client';

import { useEffect, useRef, useState } from 'react';
import type { ComparisonStore } from './comparison-store.ts';

export interface Replay {
  /** Shown moment since the start; null while the replay is off. */
  atMs: number | null;
  isPlaying: boolean;
  speed: number;
  play(): void;
  pause(): void;
  scrub(atMs: number): void;
  leave(): void;
  setSpeed(speed: number): void;
}

const stepMs = 50;

/** Plays the recorded deltas at the speed they came, times `speed`. */
export function useReplay(store: ComparisonStore, totalMs: number): Replay {
  const [atMs, setAtMs] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const position = useRef(0);

  useEffect(() => store.showAt(atMs), [store, atMs]);
  useEffect(() => () => store.showAt(null), [store]);

  useEffect(() => {
    if (!isPlaying) return;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      position.current = Math.min(totalMs, position.current + (now - last) * speed);
      last = now;
      setAtMs(position.current);
      if (position.current >= totalMs) setPlaying(false);
    }, stepMs);
    return () => clearInterval(timer);
  }, [isPlaying, speed, totalMs]);

  return {
    atMs,
    isPlaying,
    speed,
    setSpeed,
    play() {
      position.current = atMs === null || atMs >= totalMs ? 0 : atMs;
      setAtMs(position.current);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    scrub(next) {
      position.current = next;
      setPlaying(false);
      setAtMs(next);
    },
    leave() {
      setPlaying(false);
      setAtMs(null);
    },
  };
}

'use client';

import { useEffect } from 'react';

/** Names the document after what the page shows (a static export cannot know it). */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    if (title) document.title = `${title} · Switchyard`;
  }, [title]);
}

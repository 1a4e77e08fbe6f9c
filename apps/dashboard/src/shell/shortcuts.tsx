'use client';

import { useHotkeys } from '@mantine/hooks';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { pages } from './navigation.ts';
import { shellActions } from './shell-actions.ts';
import { areSingleKeysOn } from './single-key-setting.ts';

const CommandPalette = dynamic(() => import('./command-palette.tsx').then((module) => module.CommandPalette), {
  ssr: false,
});
const ShortcutSheet = dynamic(() => import('./shortcut-sheet.tsx').then((module) => module.ShortcutSheet), {
  ssr: false,
});

/** Global keys. The palette and the sheet are loaded when first asked for. */
export function Shortcuts() {
  const router = useRouter();
  const [palette, setPalette] = useState({ isLoaded: false, isOpen: false });
  const [sheet, setSheet] = useState({ isLoaded: false, isOpen: false });
  const waitsForPage = useRef(0);

  useEffect(() => shellActions.provide('palette', () => setPalette({ isLoaded: true, isOpen: true })), []);
  useEffect(() => shellActions.provide('shortcuts', () => setSheet({ isLoaded: true, isOpen: true })), []);

  const jump = (key: string) => (event: KeyboardEvent) => {
    if (!areSingleKeysOn() || Date.now() - waitsForPage.current > 1200) return;
    const page = pages.find(({ keys }) => keys === `g ${key}`);
    if (!page) return;
    event.preventDefault();
    waitsForPage.current = 0;
    router.push(page.path);
  };
  useHotkeys([
    [
      'g',
      () => {
        waitsForPage.current = Date.now();
      },
      { preventDefault: false },
    ],
    ...pages.map(
      ({ keys }) =>
        [keys.slice(2), jump(keys.slice(2)), { preventDefault: false }] as [
          string,
          (event: KeyboardEvent) => void,
          { preventDefault: boolean },
        ],
    ),
    ['shift+?', () => areSingleKeysOn() && shellActions.openShortcuts()],
  ]);
  useHotkeys([['mod+K', () => shellActions.openPalette()]], []);

  return (
    <>
      {palette.isLoaded ? (
        <CommandPalette isOpen={palette.isOpen} onClose={() => setPalette({ isLoaded: true, isOpen: false })} />
      ) : null}
      {sheet.isLoaded ? (
        <ShortcutSheet isOpen={sheet.isOpen} onClose={() => setSheet({ isLoaded: true, isOpen: false })} />
      ) : null}
    </>
  );
}

export type VoteChoice = 'LEFT' | 'RIGHT' | 'TIE' | 'BOTH_BAD';
export type ArenaAction = VoteChoice | 'SKIP' | 'UNDO';

/** The key of each choice, as it is shown. */
export const keyNames: Readonly<Record<ArenaAction, string>> = {
  ...{ LEFT: '←', RIGHT: '→', TIE: 'T', BOTH_BAD: 'B', SKIP: 'S', UNDO: 'Z' },
};

const actions: Readonly<Record<string, ArenaAction>> = {
  ...{ ArrowLeft: 'LEFT', ArrowRight: 'RIGHT', t: 'TIE', b: 'BOTH_BAD', s: 'SKIP', z: 'UNDO' },
};

type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'repeat'>;

/**
 * What a key means in the arena; undefined for nothing. A key that is held down acts once, and letters are silent for a moment after
 * `g`, which begins a jump to another page.
 */
export function actionOf(
  event: Pressed,
  { msSinceG, areSingleKeysOn }: { msSinceG: number; areSingleKeysOn: boolean },
) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return undefined;
  const isArrow = event.key.startsWith('Arrow');
  if (!areSingleKeysOn || (!isArrow && msSinceG < 1200)) return undefined;
  return actions[isArrow ? event.key : event.key.toLowerCase()];
}

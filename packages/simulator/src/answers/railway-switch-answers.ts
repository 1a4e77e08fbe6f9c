import type { StyleName } from './writing-styles.ts';

/**
 * Answers to the question that the dashboard offers on the first visit, one per style, written by hand: a first
 * impression should read well. Every other prompt is answered by `composeAnswer`.
 */
const answers: Readonly<Record<StyleName, string>> = {
  concise: `Two rails in the middle of the track can slide sideways by about the width of your hand. Slide them left and the wheels are led left; slide them right and the train goes right. The train itself never steers: it just follows the rail its wheels are leaning on.

| Switch | Tracks | Where you meet it |
| --- | --- | --- |
| Turnout | 1 → 2 | almost everywhere |
| Three-way | 1 → 3 | crowded yards |
| Slip | 2 ↔ 2, crossing | station throats |

\`\`\`ts
type Switch = { id: string; position: 'left' | 'right'; isLocked: boolean };
\`\`\``,

  structured: `## How a switch moves a train

Imagine you are rolling a marble down a groove in the sand, and the groove splits in two. If you push a lolly stick across one branch, the marble has no choice: it takes the other one. A railway switch is that lolly stick, made of steel.

- **The blades.** Two long rails, sharpened to a thin edge, that can slide from side to side.
- **The rod.** A bar under the track that moves both blades together, so they can never disagree.
- **The motor.** It pulls the rod, then *locks* it, because a blade that wobbles is worse than no blade at all.
- **The frog.** The spot where the two routes cross. The wheel jumps a small gap there, which is the *clack-clack* you hear.

## Three kinds of switch

| Kind | What it joins | Good for | Drawback |
| --- | --- | --- | --- |
| Simple turnout | one track to two | nearly every junction | long at high speed |
| Three-way switch | one track to three | tight goods yards | slow trains only |
| Double slip | two crossing tracks | big stations | many parts to maintain |

## A type for it

\`\`\`ts
type Switch = {
  readonly id: string;
  readonly kind: 'turnout' | 'three-way' | 'double-slip';
  position: 'normal' | 'reverse' | 'moving';
  /** A train may pass only when this is true. */
  isLocked: boolean;
};
\`\`\`

The important state is \`moving\`: for those few seconds the answer to "which way?" is *nobody goes anywhere*.`,

  tabular: `### In one picture

| You see | What it does |
| --- | --- |
| two thin, pointed rails | they lean against one side or the other |
| a bar between them | makes both move at the same moment |
| a grey box beside the track | the motor that pushes the bar and locks it |

A train wheel has a rim on its inner side, like the edge of a bottle cap. The rim presses against the rail, so **whichever pointed rail touches the track is the one that steers**. The driver cannot turn left any more than a bead can leave its string.

### Three kinds of switch

| | Turnout | Three-way | Double slip |
| --- | --- | --- | --- |
| Ways out | 2 | 3 | 4 |
| Speed | up to 200 km/h | about 40 km/h | about 60 km/h |
| Space needed | long | short | very short |
| Found in | open line | goods yards | large stations |

### And in TypeScript

\`\`\`ts
type Route = 'straight' | 'diverging';

interface RailwaySwitch {
  readonly id: string;
  readonly route: Route;
  readonly lockedSince: Date | null; // null while it moves
}
\`\`\``,

  stepwise: `**What happens when a train wants to turn**

1. The signaller picks the other track on a screen, and the computer first checks that no train is standing on the switch.
2. The lock lets go with a click, and a motor pushes a steel bar under the track.
3. The bar slides two pointed rails to the other side. It takes about three seconds.
4. The lock snaps shut again. Only now may the signal turn green.
5. The train arrives, its wheel rims lean on the pointed rail, and round it goes. The driver did nothing at all!

**Three kinds you can spot from the window**

| Kind | Looks like | How many ways |
| --- | --- | --- |
| Turnout | a Y | 2 |
| Three-way | a fork with three teeth | 3 |
| Slip | an X with curves inside | 4 |

**If you wanted to write it down for a computer**

\`\`\`ts
type SwitchState =
  | { position: 'left' | 'right'; locked: true }
  | { position: 'moving'; locked: false };
\`\`\`

Notice that this type makes a dangerous sentence impossible: you cannot even *say* "moving and locked".`,

  conversational: `Great question! Have you ever wondered how a train turns a corner when it has no steering wheel? Here is the secret: **the train never decides, the track does.**

Look closely at a place where one track becomes two. You will see two long rails that get thinner and thinner until they end in a point, like a slice of pizza. They are loose! A motor can slide both of them a little to the left or a little to the right. Every train wheel has a lip on the inside that hugs the rail, so when a pointed rail touches the outer one, the lip follows it, and the other forty wheels follow too.

| Kind of switch | Think of it as | Ways to go |
| --- | --- | --- |
| Turnout | a fork in the road | 2 |
| Three-way | a fork with a middle prong | 3 |
| Double slip | a crossroads where you may also turn | 4 |

And if you ever build a railway in TypeScript:

\`\`\`ts
type RailwaySwitch = {
  name: string;
  leadsTo: 'left' | 'right';
  trainOnTop: boolean; // if true, hands off!
};
\`\`\`

Would you like to know what happens when it freezes? (Hint: they put heaters in.)`,

  essay: `## A track that changes its mind

Put your finger on a toy train and try to push it sideways. It resists, because every wheel wears a collar, a flange, on its inner side, and the flange will not climb over the rail. So a train is the most obedient traveller in the world: it goes exactly where the rails go. To send it somewhere else you do not turn the train. You turn the rails.

That is what a switch does. Where one track splits into two, a pair of long, tapered rails lies between the fixed ones. Engineers call them *points* because that is what they end in. They are tied together by a bar, and a motor in a box beside the line slides them across by about fifteen centimetres. If the left point rests against its rail, the flanges slip along it and the train bears right; if the right point does, the train bears left.

> The clever part is not the moving. It is the refusing to move while a train is on top.

A lock holds the points still, a sensor confirms it, and only then does the signal allow a train to come. If the sensor is in doubt, everything stops, which is annoying and exactly right.

## Three kinds

| Kind | Where it leads | Why you would build it |
| --- | --- | --- |
| Turnout | one track into two | simple, and fast when it is long |
| Three-way switch | one track into three | when a yard has no room left |
| Double slip | across, or from one to the other | it replaces four turnouts in the space of one |

## The same idea as a type

\`\`\`ts
interface RailwaySwitch {
  readonly id: string;
  readonly kind: 'turnout' | 'three-way' | 'double-slip';
  /** \`undefined\` while the points are moving: no route is set. */
  readonly route: 'main' | 'branch' | undefined;
  readonly isOccupied: boolean;
}
\`\`\`

Good types work like good locks: they make the unsafe state hard to reach.`,
};

/** The first comparison shows one model of each of these vendors side by side: their texts should differ. */
const stylesByVendor: Readonly<Record<string, readonly StyleName[]>> = {
  openai: ['structured', 'tabular'],
  anthropic: ['conversational', 'essay'],
  google: ['stepwise', 'concise'],
};

/**
 * The hand-written answer of a vendor's model when the prompt asks how a railway switch works, otherwise undefined. A
 * model of long answers gives the vendor's longer one.
 */
export function findRailwaySwitchAnswer(prompt: string, style: StyleName, vendor: string): string | undefined {
  const text = prompt.toLowerCase();
  if (!/railway switch/.test(text) || !/table/.test(text) || !/typescript/.test(text)) return undefined;
  const styles = stylesByVendor[vendor];
  if (!styles) return answers[style];
  const [usual, other] = styles;
  return answers[(style === 'essay' || style === 'concise' ? other : usual) ?? style];
}

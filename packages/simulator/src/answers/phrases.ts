/**
 * Sentences the simulator writes with. `{t}` is the topic of the prompt, `{a}` `{b}` `{c}` are words taken from it.
 * They reason about the shape of a question and never state a fact about the world.
 */
export const OPENERS = [
  'Here is how I would approach {t}.',
  'There are a few good ways into {t}; this one starts from what usually matters most.',
  'Short version first: with {t}, the order of the decisions matters more than any single one of them.',
  'Good question. Let me take {t} apart and put it back together.',
  'The useful part of {t} is smaller than it looks at first, so let us start there.',
  'To answer this properly, it helps to separate what is fixed about {t} from what is still open.',
];

export const SENTENCES = [
  'The first thing to settle is what a good outcome for {a} would look like, and who decides that it was reached.',
  'Most of the difficulty sits where {a} meets {b}, because each of the two is easy to reason about alone.',
  'A small experiment around {a} usually teaches more than another round of discussion.',
  'It is worth writing down the assumption behind {b} before building on it.',
  'If {a} changes often, keep it at the edge; if it rarely changes, it can safely sit in the middle.',
  'What looks like a question about {b} is often a question about ownership.',
  'Prefer the option that is easy to undo until {c} is better understood.',
  'Two people can mean different things by {a}, so one concrete example is worth a page of definition.',
  'The cost of getting {b} slightly wrong is low early on and grows with every step that depends on it.',
  'That trade-off is real: attention spent on {a} is not available for {c}.',
  'Once {a} is measured rather than guessed, the remaining choices tend to narrow quickly.',
  'A sensible default here is to keep {b} boring and spend the novelty on {a}.',
  'None of this needs to be decided at once; {c} can wait until the first two answers are in.',
  'The failure to plan for is the quiet one, where {a} keeps working but slowly stops being right.',
  'Seen from the other side, {b} is mostly a promise about what will not happen.',
  'When in doubt, choose the version of {a} that you could explain to a new colleague in a minute.',
  'It helps to name the point at which you would stop and reconsider {t}.',
  'Constraints are useful in this case: a deadline or a budget makes {b} concrete.',
  'The interesting cases are the ones in between, where {a} holds only part of the time.',
  'Keep the feedback loop short, and {c} will show its problems while they are still cheap.',
];

export const BULLETS = [
  '**{A} first:** agree on the smallest version that is still useful',
  '**Limits:** write down what {b} will not cover, and why',
  '**Evidence:** decide which observation would change your mind about {a}',
  '**Ownership:** one person answers for {c}, everyone else can comment',
  '**Timing:** do the reversible parts of {a} now and the rest later',
  '**Risk:** list the two ways {b} could fail without anyone noticing',
  '**Cost:** compare the effort with doing nothing about {c}',
  '**Checks:** automate the test for {a} that people would otherwise forget',
  '**Handover:** leave a note that explains {b} to somebody new',
  '**Review:** look at {a} again after the first real use',
];

export const STEPS = [
  'Write one sentence that says what {a} has to achieve.',
  'Collect three real examples of {b}, including an awkward one.',
  'Sketch the simplest approach to {t} that handles all three.',
  'Try it on a small scale and note what surprised you about {a}.',
  'Adjust {c}, change one thing at a time, and keep what helped.',
  'Decide what to watch from now on, and who looks at it.',
];

export const HEADINGS = [
  'Where to start',
  'What matters most',
  'The trade-offs',
  'In practice',
  'A closer look',
  'What to watch',
  'How the parts fit',
  'Next steps',
];

export const QUOTES = [
  'Make the easy change first, then make the hard change easy.',
  'If it cannot be checked, it is a hope rather than a plan.',
  'A clear boundary is worth more than a clever mechanism.',
];

export const CLOSERS = [
  'In short: start small with {a}, keep {b} visible, and revisit the decision once there is something to measure.',
  'If only one thing survives from this answer, let it be the order: understand {a}, limit {b}, then build.',
  'That should be enough to begin with {t} and to notice early if it goes the wrong way.',
  'Taken together, this keeps {t} understandable, which is what makes it possible to change later.',
];

export const QUESTIONS = [
  'Which of these is closest to your situation? With a little more about {a} I can be more specific.',
  'Would it help if I worked through one example of {b} in detail?',
  'Is {a} the part you are most worried about, or is it {c}?',
];

export const TABLE_ROWS = [
  'Effort to start',
  'Easy to undo',
  'Needs coordination',
  'Works at small scale',
  'Works at large scale',
  'Main risk',
];
export const TABLE_VALUES: readonly (readonly string[])[] = [
  ['Low', 'Moderate', 'High'],
  ['Yes', 'Mostly', 'Not easily'],
  ['Little', 'Some', 'A lot'],
  ['Very well', 'Well', 'Overkill'],
  ['With care', 'Well', 'Built for it'],
  ['Too simple', 'Drift over time', 'Cost'],
];

export const REASONING = [
  'The user asks about {t}.',
  'Let me work out what is really being asked here.',
  'There are two readings: one about {a}, one about {b}. The first seems more likely.',
  'I should keep the answer practical and not assume too much about {c}.',
  'First consider {a}: what would a minimal answer contain?',
  'Then {b}: it probably deserves its own section, since it depends on {a}.',
  'A possible objection is that {c} matters more. I can mention it briefly.',
  'I will check the structure once more: opening, main points, something concrete, a closing line.',
  'The length should match the question, so I will leave out the side issues.',
  'That seems consistent. Now I can write the answer.',
];

export const REFUSAL = "I'm sorry, but I can't help with that request.";

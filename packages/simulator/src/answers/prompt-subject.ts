/** What kind of answer the prompt asks for. */
export type PromptIntent =
  | 'greeting'
  | 'arithmetic'
  | 'short'
  | 'translate'
  | 'summarise'
  | 'code'
  | 'list'
  | 'compare'
  | 'write'
  | 'explain';

/** What the simulator understands of a prompt: enough to write something that belongs to it. */
export interface PromptSubject {
  intent: PromptIntent;
  /** A noun phrase out of the prompt, at most eight words. */
  topic: string;
  /** At least three short phrases to talk about, most telling first. */
  keywords: string[];
}

const STOP_WORDS = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can could did do does doing down during each few for from
  further get give had has have having he her here him his how i if in into is it its just let like make me more most my need no nor not of off on once one only or other our out over own
  please same she should show so some such tell than that the their them then there these they this those through to too two under until up us use using very want was we were what when where which while
  who why will with without would write you your explain describe compare summarize summarise translate draft compose discuss plan sentence sentences word words paragraph list name short brief detail detailed example examples help create generate list ideas say json work works working happen happens find finds email e-mail letter message story poem haiku tale slogan headline short function functions three four five`.split(
    /\s+/,
  ),
);

/** Stand in where the prompt has fewer than three telling phrases. */
export const GENERIC_KEYWORDS: readonly string[] = ['the first step', 'the outcome', 'the details'];

const INTENT_PATTERNS: readonly (readonly [PromptIntent, RegExp])[] = [
  ['greeting', /^\s*(hi|hello|hey|good (morning|evening|afternoon)|ping|test)\b[\s!.,?]*$/i],
  ['arithmetic', /^\D{0,24}-?\d+(\.\d+)?\s*[-+*/x×÷]\s*-?\d+(\.\d+)?\s*[=?.!\s]*$/i],
  ['translate', /\b(translate|translation|übersetze|traduis)\b/i],
  ['summarise', /\b(summari[sz]e|summary|tl;?dr|shorten this|key points of)\b/i],
  [
    'short',
    /\b(one word|single word|one sentence|a sentence|yes or no|in (under )?\d+ words|briefly answer|one line)\b/i,
  ],
  [
    'code',
    /\b(code|function|script|program|python|typescript|javascript|sql|regex|algorithm|implement|bash|rust|golang|class)\b/i,
  ],
  ['compare', /\b(compare|comparison|versus|vs\.?|difference between|pros and cons|trade-?offs?)\b/i],
  [
    'list',
    /\b(list|ideas|suggest(ions)?|brainstorm|tips|names? for|top \d+|\d+ (ways|reasons|ideas|names|tips|examples))\b/i,
  ],
  ['write', /\b(write|draft|compose|e-?mail|letter|story|poem|post|announcement|tweet|slogan|headline)\b/i],
];

const LEAD_IN =
  /^\s*(please|can you|could you|would you|i want you to|i need( to)?|help me( to)?|tell me|give me|show me|explain( to me)?|describe|discuss|write|draft|compose|create|generate|list|name|compare|summari[sz]e|translate|plan|design|build|choose|implement|improve|use|make|set up|what (is|are|was|were)|what's|how (do|does|can|should|would|to)( i| we| you)?|how|why (is|are|do|does|should)|who (is|are)|when (is|did|should)|where (is|are)|is|are|do|does|should)\b[\s:,]*/i;

/** A kind of text and its reader, in front of what the text is about. */
const KIND_OF_TEXT =
  /^(an?\s+|the\s+)?(\w+\s+)?(story|tale|poem|haiku|song|e-?mail|letter|announcement|post|tweet|slogan|headline|tagline|essay|message)s?\s+(to\s+[^,.]{1,40}?\s+)?(about|on|regarding|announcing|for)\s+/i;

/** What follows names the audience or narrows the noun: not needed to speak about it. */
const TAIL =
  /\s+(to|for|as|like|in|using|with|so that|that|which|who|because|if|when|and (explain|show|tell|give))\s+.*$/i;

function topicOf(prompt: string): string {
  const sentence = prompt.split(/\n|(?<=[.!?])\s/).find((part) => /[\p{L}\p{N}]/u.test(part)) ?? '';
  let topic = sentence.trim();
  for (let round = 0; round < 3; round++) {
    const rest = topic.replace(LEAD_IN, '').replace(/^(me|some|about|of|for|us|in|between)\s+/i, '');
    if (rest === topic || rest.trim() === '') break;
    topic = rest;
  }
  topic = topic.replace(KIND_OF_TEXT, '');
  topic = topic.replace(/["“”`*_#]/g, '').replace(/[.?!:;,]+$/, '');
  const short = topic.replace(TAIL, '');
  if (short.split(/\s+/).length >= 2 || /^\p{Lu}/u.test(short)) topic = short;
  const words = topic.split(/\s+/).filter(Boolean).slice(0, 8);
  // The first word of the prompt stands in the middle of a sentence now.
  if (/^(our|the|my|an?|this|that|these|those|your|their|how|what|why|it|we|there)$/i.test(words[0] ?? '')) {
    words[0] = (words[0] ?? '').toLowerCase();
  }
  while (words.length > 1 && STOP_WORDS.has((words.at(-1) ?? '').toLowerCase())) words.pop();
  const phrase = words
    .join(' ')
    .replace(/[,;:]+$/, '')
    .slice(0, 90);
  return phrase === '' ? 'this question' : phrase;
}

/** Runs of telling words between stop words and punctuation: rough noun phrases, in the writing of the prompt. */
function keywordsOf(prompt: string): string[] {
  const scores = new Map<string, { phrase: string; score: number }>();
  for (const clause of prompt.slice(0, 4000).split(/[^\p{L}\p{N}\s'’+#/-]+/u)) {
    let run: string[] = [];
    for (const word of [...clause.trim().split(/\s+/), '']) {
      const telling =
        word.length > 1 && word.length <= 24 && /\p{L}/u.test(word) && !STOP_WORDS.has(word.toLowerCase());
      if (telling) run.push(word);
      if ((!telling || run.length === 3) && run.length > 0) {
        const phrase = run.join(' ');
        const key = phrase.toLowerCase();
        scores.set(key, { phrase, score: (scores.get(key)?.score ?? 0) + 1 + Math.min(run.length, 2) / 2 });
        run = [];
      }
    }
  }
  const ranked = [...scores.values()].sort((left, right) => right.score - left.score).map(({ phrase }) => phrase);
  return [...ranked.slice(0, 6), ...GENERIC_KEYWORDS].slice(0, Math.max(3, Math.min(6, ranked.length)));
}

/** Reads topic, keywords and intent out of the last user message. */
export function readPromptSubject(prompt: string): PromptSubject {
  const head = prompt.slice(0, 600);
  const intent = INTENT_PATTERNS.find(([, pattern]) => pattern.test(head))?.[0] ?? 'explain';
  const topic = topicOf(prompt);
  const keywords = keywordsOf(prompt);
  // The things to compare come before what they are compared for.
  if (intent === 'compare')
    keywords.sort((left, right) => Number(topic.includes(right)) - Number(topic.includes(left)));
  return { intent, topic, keywords };
}

/** The text after the first blank line or colon, or in quotes: what a summary or translation works on. */
export function readQuotedMaterial(prompt: string): string {
  const quoted = /["“«']([^"”»]{12,})["”»']/s.exec(prompt)?.[1];
  const afterBreak = prompt.includes('\n') ? prompt.slice(prompt.indexOf('\n') + 1) : undefined;
  const afterColon = /:\s+(\S.*)$/s.exec(prompt)?.[1];
  return (quoted ?? (afterBreak?.trim() || undefined) ?? afterColon ?? prompt).trim();
}

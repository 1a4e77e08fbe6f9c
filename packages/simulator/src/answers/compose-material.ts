import type { SeededRandom } from '../seeded-random.ts';

/** A few frequent words each: enough for an answer of the right form, not a translator. */
const GLOSSARIES: Record<string, Record<string, string>> = {
  French: {
    the: 'le',
    a: 'un',
    an: 'un',
    and: 'et',
    is: 'est',
    are: 'sont',
    with: 'avec',
    for: 'pour',
    in: 'dans',
    of: 'de',
    to: 'à',
    we: 'nous',
    you: 'vous',
    your: 'votre',
    not: 'pas',
    hello: 'bonjour',
    world: 'monde',
    good: 'bon',
    morning: 'matin',
    thank: 'merci',
    please: "s'il vous plaît",
    today: "aujourd'hui",
    meeting: 'réunion',
    team: 'équipe',
    time: 'temps',
    day: 'jour',
    house: 'maison',
    water: 'eau',
    new: 'nouveau',
    work: 'travail',
  },
  German: {
    the: 'das',
    a: 'ein',
    an: 'ein',
    and: 'und',
    is: 'ist',
    are: 'sind',
    with: 'mit',
    for: 'für',
    in: 'in',
    of: 'von',
    to: 'zu',
    we: 'wir',
    you: 'Sie',
    your: 'Ihr',
    not: 'nicht',
    hello: 'hallo',
    world: 'Welt',
    good: 'guten',
    morning: 'Morgen',
    thank: 'danke',
    please: 'bitte',
    today: 'heute',
    meeting: 'Besprechung',
    team: 'Team',
    time: 'Zeit',
    day: 'Tag',
    house: 'Haus',
    water: 'Wasser',
    new: 'neu',
    work: 'Arbeit',
  },
  Spanish: {
    the: 'el',
    a: 'un',
    an: 'un',
    and: 'y',
    is: 'es',
    are: 'son',
    with: 'con',
    for: 'para',
    in: 'en',
    of: 'de',
    to: 'a',
    we: 'nosotros',
    you: 'usted',
    your: 'su',
    not: 'no',
    hello: 'hola',
    world: 'mundo',
    good: 'bueno',
    morning: 'mañana',
    thank: 'gracias',
    please: 'por favor',
    today: 'hoy',
    meeting: 'reunión',
    team: 'equipo',
    time: 'tiempo',
    day: 'día',
    house: 'casa',
    water: 'agua',
    new: 'nuevo',
    work: 'trabajo',
  },
  Italian: {
    the: 'il',
    a: 'un',
    an: 'un',
    and: 'e',
    is: 'è',
    are: 'sono',
    with: 'con',
    for: 'per',
    in: 'in',
    of: 'di',
    to: 'a',
    we: 'noi',
    you: 'Lei',
    your: 'il suo',
    not: 'non',
    hello: 'ciao',
    world: 'mondo',
    good: 'buon',
    morning: 'giorno',
    thank: 'grazie',
    please: 'per favore',
    today: 'oggi',
    meeting: 'riunione',
    team: 'squadra',
    time: 'tempo',
    day: 'giorno',
    house: 'casa',
    water: 'acqua',
    new: 'nuovo',
    work: 'lavoro',
  },
};

/** The material in the form of a translation, with the words of the small glossary replaced. */
export function composeTranslation(prompt: string, material: string, random: SeededRandom): string {
  const language = Object.keys(GLOSSARIES).find((name) => new RegExp(`\\b${name}\\b`, 'i').test(prompt)) ?? 'French';
  const glossary = GLOSSARIES[language] ?? {};
  const used: string[] = [];
  const translated = material.slice(0, 1200).replace(/[\p{L}']+/gu, (word) => {
    const found = glossary[word.toLowerCase()];
    if (found === undefined) return word;
    if (!used.includes(word.toLowerCase())) used.push(word.toLowerCase());
    return /^\p{Lu}/u.test(word) ? found.charAt(0).toUpperCase() + found.slice(1) : found;
  });
  const notes = random.sample(used, 3).map((word) => `- *${word}* → **${glossary[word]}**`);
  return `**${language}:**\n\n> ${translated.split('\n').join('\n> ')}${notes.length > 0 ? `\n\nNotes:\n\n${notes.join('\n')}` : ''}`;
}

/** An extractive summary: the sentences that share most words with the whole, in their order. */
export function composeSummary(material: string, asBullets: boolean, sentenceCount: number): string {
  const sentences = material
    .slice(0, 20_000)
    .split(/(?<=[.!?])\s+|\n+/)
    .map((part) => part.trim())
    .filter((part) => part.length > 2);
  const frequency = new Map<string, number>();
  const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}]{4,}/gu) ?? [];
  for (const word of wordsOf(material)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const scored = sentences.map((text, index) => {
    const words = wordsOf(text);
    const score = words.reduce((sum, word) => sum + (frequency.get(word) ?? 0), 0) / (words.length + 3);
    return { text, index, score };
  });
  const chosen = scored
    .sort((left, right) => right.score - left.score)
    .slice(0, sentenceCount)
    .sort((left, right) => left.index - right.index);
  const texts = chosen.map(({ text }) => (text.length > 220 ? `${text.slice(0, 217).trimEnd()}…` : text));
  return asBullets ? `**Summary**\n\n${texts.map((text) => `- ${text}`).join('\n')}` : texts.join(' ');
}

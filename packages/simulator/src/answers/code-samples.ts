import type { SeededRandom } from '../seeded-random.ts';
import type { PromptSubject } from './prompt-subject.ts';

type CodeTemplate = (name: string, noun: string) => string;

const TEMPLATES: Record<string, readonly CodeTemplate[]> = {
  python: [
    (name, noun) =>
      `def ${name}(${noun}_items: list[str], limit: int = 10) -> list[str]:\n    """Return the first ${noun} entries that are not empty."""\n    kept = []\n    for item in ${noun}_items:\n        cleaned = item.strip()\n        if cleaned:\n            kept.append(cleaned)\n        if len(kept) == limit:\n            break\n    return kept\n\n\nif __name__ == "__main__":\n    print(${name}(["first", " ", "second"]))`,
    (name, noun) =>
      `from collections import Counter\n\n\ndef ${name}(${noun}: str) -> dict[str, int]:\n    """Count how often each part of the ${noun} occurs."""\n    parts = (part.lower() for part in ${noun}.split())\n    return dict(Counter(parts).most_common())`,
  ],
  typescript: [
    (name, noun) =>
      `export function ${name}(${noun}Items: readonly string[], limit = 10): string[] {\n  return ${noun}Items\n    .map((item) => item.trim())\n    .filter((item) => item.length > 0)\n    .slice(0, limit);\n}\n\nconsole.log(${name}(['first', ' ', 'second']));`,
    (name, noun) =>
      `export async function ${name}(${noun}: () => Promise<string>, attempts = 3): Promise<string> {\n  for (let attempt = 1; ; attempt++) {\n    try {\n      return await ${noun}();\n    } catch (error) {\n      if (attempt === attempts) throw error;\n    }\n  }\n}`,
  ],
  sql: [
    (name, noun) =>
      `-- ${name}: newest ${noun} per group\nSELECT group_id, ${noun}, created_at\nFROM (\n  SELECT *, row_number() OVER (PARTITION BY group_id ORDER BY created_at DESC) AS position\n  FROM ${noun}_log\n) AS ranked\nWHERE position = 1;`,
  ],
  bash: [
    (name, noun) =>
      `#!/usr/bin/env bash\nset -euo pipefail\n\n${name}() {\n  local ${noun}="\${1:?usage: ${name} PATH}"\n  find "$${noun}" -type f -newermt '-1 day' -print0 | xargs -0 -r ls -lh\n}\n\n${name} "$@"`,
  ],
};

/** Words of a request for code that name neither the thing nor what is done to it. */
const NOT_A_NAME =
  /^(python|typescript|javascript|js|ts|sql|bash|shell|node|react|code|function|script|program|class|method|query|regex|algorithm|the|first|step|outcome|details)$/;

function singular(word: string): string {
  return word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

/** Language named in the prompt, or Python. */
export function languageOf(prompt: string): string {
  if (/\b(typescript|javascript|node|react|ts|js)\b/i.test(prompt)) return 'typescript';
  if (/\b(sql|postgres|query|database table)\b/i.test(prompt)) return 'sql';
  if (/\b(bash|shell|command line)\b/i.test(prompt)) return 'bash';
  return 'python';
}

/** A fenced block of sound code whose names come from the prompt. */
export function composeCode(prompt: string, subject: PromptSubject, random: SeededRandom): string {
  const language = languageOf(prompt);
  const words = subject.keywords
    .flatMap((phrase) => phrase.toLowerCase().split(/[^a-z0-9]+/))
    .filter((word) => /^[a-z]\w+$/.test(word) && !NOT_A_NAME.test(word));
  const nameWords = [...new Set(words)].slice(0, 3).map((word, index) => (index === 0 ? singular(word) : word));
  if (nameWords.length === 0) nameWords.push('process', 'items');
  const noun = singular(nameWords.at(-1) ?? 'item');
  const name =
    language === 'typescript'
      ? nameWords.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
      : nameWords.join('_');
  return `\`\`\`${language}\n${random.pick(TEMPLATES[language] ?? [])(name, noun)}\n\`\`\``;
}

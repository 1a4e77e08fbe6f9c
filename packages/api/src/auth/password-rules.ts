export const minPasswordLength = 8;
export const maxPasswordLength = 128;

/** Names of the product that nobody may build a password of. */
const ownWords = ['switchyard'];

/** A word that is found in a password says something only from this length on. */
const shortestWord = 4;

let commonPasswords: Promise<ReadonlySet<string>> | undefined;

/** 49,000 passwords that people use often, in small letters; read when the first password is chosen. */
async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  commonPasswords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) =>
      new Set((dictionary['passwords-common'] as readonly string[]).map((each) => each.toLowerCase())),
  );
  return commonPasswords;
}

/**
 * What is wrong with a password that somebody chooses, as a sentence for them; undefined when it is good. The rules are
 * those of NIST SP 800-63B, section 5.1.1.2: a least length, long ones welcome, no rules of composition, and nothing that
 * is on a list of common passwords, repeats itself, or is made of the person's own name or address.
 */
export async function findPasswordProblem(
  password: string,
  person: { readonly name?: string | undefined; readonly email?: string | undefined },
): Promise<string | undefined> {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < minPasswordLength) return `Choose a password of at least ${minPasswordLength} characters.`;
  if (password.length > maxPasswordLength) return `A password has at most ${maxPasswordLength} characters.`;
  const lower = text.toLowerCase();
  if (new Set(lower).size < 4 || isStraight(lower)) {
    return 'This password repeats itself or follows a row of keys. Choose one that is harder to guess.';
  }
  const common = await loadCommonPasswords();
  const withoutTail = lower.replace(/[\d\W_]+$/, '');
  if (common.has(lower) || (withoutTail.length < lower.length && length < 12 && common.has(withoutTail))) {
    return 'This password is on the list of those that are tried first. Choose another, for example three or four words.';
  }
  for (const word of wordsOf(person)) {
    // In a long password a name is a small part of it.
    if (lower.includes(word) && lower.length - word.length < minPasswordLength) {
      return 'This password is made of your name, your e-mail address or the name of this product. Choose another.';
    }
  }
  return undefined;
}

function wordsOf({
  name = '',
  email = '',
}: {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}) {
  const parts = `${name} ${email}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return [...ownWords, email.toLowerCase(), ...parts].filter((word) => word.length >= shortestWord);
}

/** Each character is the one after, or before, the last: 12345678, hgfedcba. */
function isStraight(text: string): boolean {
  const steps = new Set([...text].slice(1).map((each, index) => each.charCodeAt(0) - text.charCodeAt(index)));
  return steps.size === 1;
}

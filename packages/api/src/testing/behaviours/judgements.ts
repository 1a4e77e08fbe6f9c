import type { Answer, Observation } from './behaviour.ts';

/** A requirement and whether it holds. */
type Requirement = readonly [isMet: boolean, complaint: string];

/** The complaints of the requirements that are not met. */
export function complaintsOf(...requirements: readonly Requirement[]): readonly string[] {
  return requirements.filter(([isMet]) => !isMet).map(([, complaint]) => complaint);
}

export function only(seen: Observation): Answer {
  const [answer] = seen.answers;
  if (!answer) throw new Error('No request was made.');
  return answer;
}

/** The whole text of the primary, of the fallback, or of one that began and the other that went on. */
export function isSoundText(text: string, { primaryText, fallbackText }: Observation): boolean {
  if (text === primaryText || text === fallbackText) return true;
  // A continuation: what both have in common cannot be checked word by word, but neither beginning nor end may be cut.
  const isBegun = text.slice(0, 40) === primaryText.slice(0, 40);
  const isEnded = text.trimEnd().endsWith(fallbackText.trimEnd().slice(-20));
  return isBegun && isEnded;
}

export function primaryAnswers(seen: Observation, calls: number): readonly string[] {
  const answer = only(seen);
  return complaintsOf(
    [answer.isWhole, `no whole answer: ${answer.error}`],
    [answer.text === seen.primaryText, "the text is not the primary model's whole text"],
    [seen.primaryCalls.length === calls, `${seen.primaryCalls.length} calls of the primary instead of ${calls}`],
    [seen.fallbackCalls.length === 0, 'the fallback was asked'],
  );
}

export function fallbackAnswers(seen: Observation, mostPrimaryCalls: number, isExact = false): readonly string[] {
  const answer = only(seen);
  const calls = seen.primaryCalls.length;
  return complaintsOf(
    [answer.isWhole, `no whole answer: ${answer.error}`],
    [answer.text === seen.fallbackText, "the text is not the fallback model's whole text"],
    [answer.modelId?.startsWith('fallback-') ?? false, `${answer.modelId} is named as the one that answered`],
    [(answer.outputTokens ?? 0) > 0, 'no usage is reported'],
    [calls >= 1 && calls <= mostPrimaryCalls, `${calls} calls of the primary, at most ${mostPrimaryCalls} allowed`],
    [!isExact || calls === mostPrimaryCalls, `${calls} calls of the primary instead of ${mostPrimaryCalls}`],
  );
}

/** Never a truncated answer that claims to be complete. */
export function wholeOrCleanError(seen: Observation, withinMs: number): readonly string[] {
  const answer = only(seen);
  return complaintsOf(
    [
      !answer.isWhole || isSoundText(answer.text, seen),
      `a truncated answer of ${answer.text.length} characters passes as whole`,
    ],
    [answer.isWhole || (answer.error ?? '') !== '', 'neither an answer nor an error'],
    [answer.elapsedMs <= withinMs, `took ${answer.elapsedMs} ms, ${withinMs} allowed`],
  );
}

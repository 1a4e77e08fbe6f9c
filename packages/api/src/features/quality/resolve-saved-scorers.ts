import { canonicalJson, type ExperimentProblem, readScorer } from '@switchyard/core/experiments';
import { nearestName } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';

export interface ResolvedScorers {
  /** The definition with the content of each saved scorer in its place. */
  readonly definition: unknown;
  readonly problems: readonly ExperimentProblem[];
}

interface Named {
  readonly saved: string;
  readonly version?: unknown;
}

const isNamed = (scorer: unknown): scorer is Named =>
  typeof scorer === 'object' && scorer !== null && 'saved' in scorer && typeof scorer.saved === 'string';

/** A scorer that says which saved one it is a copy of. */
interface Noted {
  readonly saved: { readonly id: string; readonly version: number };
}

const isNoted = (scorer: unknown): scorer is Noted => {
  if (typeof scorer !== 'object' || scorer === null || !('saved' in scorer)) return false;
  const { id, version } = (scorer.saved ?? {}) as Partial<Noted['saved']>;
  return typeof id === 'string' && Number.isInteger(version);
};

/** Stands for a scorer that is missing, so that the rest of the definition can be read. */
const placeholder = { check: { type: 'exact' } } as const;

/**
 * Puts the team's saved scorers where a definition names them: `{ saved: "<name>", version? }` becomes the content of that
 * version, the newest unless one is named, with a note of where it came from. What is stored at the start is the result.
 */
export async function resolveSavedScorers(
  prisma: PrismaClient,
  teamId: string,
  raw: unknown,
): Promise<ResolvedScorers> {
  const scorers = scorersOf(raw);
  const entries = Object.entries(scorers);
  const named = entries.filter((entry): entry is [string, Named] => isNamed(entry[1]));
  const noted = entries.filter((entry): entry is [string, Noted] => isNoted(entry[1]));
  if (named.length === 0 && noted.length === 0) return { definition: raw, problems: [] };
  const rows = await prisma.savedScorer.findMany({
    where: {
      teamId,
      OR: [
        { name: { in: named.map(([, { saved }]) => saved) } },
        { id: { in: noted.map(([, { saved }]) => saved.id) } },
      ],
    },
  });
  const found = new Map(rows.map((row) => [row.name, row]));
  const wantedVersions = [
    ...named.flatMap(([, { saved, version }]) => {
      const row = found.get(saved);
      const wanted = version ?? row?.version;
      return row && Number.isInteger(wanted) ? [{ scorerId: row.id, version: wanted as number }] : [];
    }),
    ...noted.map(([, { saved }]) => ({ scorerId: saved.id, version: saved.version })),
  ].filter(({ version }) => Math.abs(version) < 1e9);
  const versions = await prisma.savedScorerVersion.findMany({ where: { teamId, OR: wantedVersions } });
  const textOf = (scorerId: string, version: unknown) =>
    versions.find((each) => each.scorerId === scorerId && each.version === version)?.content;
  const problems: ExperimentProblem[] = [];
  const error = (path: ExperimentProblem['path'], message: string) =>
    problems.push({ severity: 'error', path, message });
  const resolved: Record<string, unknown> = { ...scorers };
  for (const [id, { saved, version, ...rest }] of named) {
    resolved[id] = placeholder;
    const row = found.get(saved);
    if (!row) {
      const nearest = nearestName(saved, await namesOf(prisma, teamId));
      const hint = nearest ? ` Did you mean "${nearest}"?` : '';
      error(['scorers', id, 'saved'], `Your team has no saved scorer "${saved}".${hint}`);
      continue;
    }
    const wanted = version ?? row.version;
    const content = textOf(row.id, wanted);
    if (content === undefined) {
      error(['scorers', id, 'version'], `"${saved}" has the versions 1 to ${row.version}.`);
      continue;
    }
    const other = Object.keys(rest).find((key) => key !== 'name');
    if (other !== undefined) {
      error(['scorers', id, other], 'A saved scorer says all of it already; leave this out, or write the scorer here.');
      continue;
    }
    const origin = { id: row.id, name: row.name, version: wanted };
    resolved[id] = { ...rest, saved: origin, ...(JSON.parse(content) as object) };
  }
  for (const [id, scorer] of noted) {
    // What was changed after it was copied is a scorer of its own: the saved one must not answer for it.
    const { id: savedId, version } = scorer.saved;
    const text = textOf(savedId, version);
    const name = rows.find((row) => row.id === savedId)?.name;
    if (text !== undefined && name !== undefined && isSame(scorer, JSON.parse(text))) {
      resolved[id] = { ...scorer, saved: { id: savedId, name, version } };
      continue;
    }
    const { saved: _saved, ...own } = scorer;
    resolved[id] = own;
  }
  return { definition: { ...(raw as object), scorers: resolved }, problems };
}

function isSame(scorer: object, saved: unknown): boolean {
  const { saved: _saved, name: _name, ...content } = scorer as Readonly<Record<string, unknown>>;
  const [one, other] = [readScorer(content), readScorer(saved)];
  return one.content !== undefined && canonicalJson(one.content) === canonicalJson(other.content);
}

function scorersOf(raw: unknown): Readonly<Record<string, unknown>> {
  const scorers = (raw as { readonly scorers?: unknown } | null | undefined)?.scorers;
  return typeof scorers === 'object' && scorers !== null && !Array.isArray(scorers)
    ? (scorers as Record<string, unknown>)
    : {};
}

async function namesOf(prisma: PrismaClient, teamId: string): Promise<readonly string[]> {
  const rows = await prisma.savedScorer.findMany({ where: { teamId }, select: { name: true }, take: 500 });
  return rows.map(({ name }) => name);
}

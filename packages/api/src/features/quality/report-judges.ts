import { createHash } from 'node:crypto';
import { createSeededRandom } from '@switchyard/core/kernel';
import { type JudgeFacts, type JudgeReport, reportJudge } from '@switchyard/core/scoring';
import type { Experiment, PrismaClient, SavedScorer } from '../../generated/prisma/client.ts';
import { readJudges } from './read-judge-facts.ts';
import { usesOf } from './uses-of-scorer.ts';

/** Tests of a saved judge that are looked at, the newest first. */
const mostTests = 20;

/** A judge of a test, measured against people. */
export interface ReportedJudge {
  readonly scorer: string;
  readonly model: string;
  readonly savedId: string | undefined;
  /** Tests that it rests on. */
  readonly tests: number;
  readonly report: JudgeReport;
}

export async function reportJudgesOfTest(
  prisma: PrismaClient,
  row: Pick<Experiment, 'id' | 'teamId' | 'definition' | 'state'>,
): Promise<readonly ReportedJudge[]> {
  const judges = await readJudges(prisma, row);
  return judges.map(({ scorer, judge, savedId, facts }) => ({
    ...{ scorer, model: judge.model, savedId, tests: 1 },
    report: reportJudge(facts, randomOf(row.id, scorer)),
  }));
}

/** A saved judge over all tests that were started with it, whatever its version; undefined for a check. */
export async function reportSavedJudge(
  prisma: PrismaClient,
  scorer: Pick<SavedScorer, 'id' | 'teamId' | 'name' | 'kind' | 'version'>,
): Promise<ReportedJudge | undefined> {
  if (scorer.kind !== 'judge') return undefined;
  const rows = await prisma.experiment.findMany({
    where: { ...usesOf(scorer), state: { not: 'draft' } },
    select: { id: true, teamId: true, definition: true, state: true },
    orderBy: { updatedAt: 'desc' },
    take: mostTests,
  });
  const found = [];
  for (const row of rows) found.push(...(await readJudges(prisma, row, ({ saved }) => saved?.id === scorer.id)));
  const [newest] = found;
  if (!newest) return undefined;
  // A judge that was changed from a rubric to pairs is another one: only what the newest is counts.
  const alike = found.filter(({ facts }) => facts.type === newest.facts.type);
  const facts: JudgeFacts = {
    type: newest.facts.type,
    places: Math.min(...alike.map((each) => each.facts.places)),
    scales: alike.flatMap((each) => each.facts.scales),
    pairs: alike.flatMap((each) => each.facts.pairs),
  };
  return {
    ...{ scorer: scorer.name, model: newest.judge.model, savedId: scorer.id, tests: alike.length },
    report: reportJudge(facts, randomOf(scorer.id, '')),
  };
}

/** The same figures whenever one looks. */
function randomOf(id: string, scorer: string) {
  return createSeededRandom(createHash('sha256').update(`${id} ${scorer}`).digest().readUInt32BE());
}

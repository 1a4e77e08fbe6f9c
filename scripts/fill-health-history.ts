// Gives the providers of a data folder a past of some weeks, for pictures of the page Health: `fill-health-history.ts <data folder>`.
// The server must not run on it.
import { openEmbeddedPostgres } from '../packages/api/src/persistence/embedded-postgres.ts';

interface Subject {
  readonly id: string;
  readonly slug: string;
  readonly displayName: string;
  readonly origin: string;
}

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('Name the data folder.');
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const nowMs = Date.now();

// The same past each time: a linear congruential generator.
let seed = 20_261;
const random = () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

const database = await openEmbeddedPostgres(dataDir);
try {
  const { rows } = await database.query<Subject>(
    'SELECT id, slug, "displayName", origin FROM health_subject ORDER BY slug',
  );
  for (const [index, subject] of rows.entries()) {
    const endMs = nowMs - 2 * hourMs;
    let atMs = Math.floor(nowMs / dayMs - 76 + 4 * index) * dayMs;
    let number = 0;
    while (atMs < endMs) {
      atMs = await spend(subject, atMs, Math.min(endMs, atMs + dayMs * (1 + random() * 9)), 'healthy');
      if (atMs >= endMs) break;
      const kind = random();
      const untilMs = Math.min(endMs, atMs + hourMs * (0.1 + random() * 3));
      if (kind < 0.85) {
        const status = kind < 0.5 ? 'degraded' : 'down';
        await tell(subject, `${subject.slug}${number}`, status, atMs, untilMs);
        atMs = await spend(subject, atMs, untilMs, status);
      } else atMs += dayMs * random();
      number += 1;
    }
  }
} finally {
  await database.close();
}

async function spend({ id }: Subject, fromMs: number, toMs: number, status: string): Promise<number> {
  await database.query(
    'INSERT INTO health_period ("subjectId", "fromMs", "toMs", status) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [id, Math.round(fromMs), Math.round(toMs), status],
  );
  return toMs;
}

async function tell(subject: Subject, number: string, severity: string, fromMs: number, toMs: number): Promise<void> {
  const { id: subjectId, slug, displayName, origin } = subject;
  const id = `inc_past${number}`;
  const [startedAt, detectedAt, closedAt] = [new Date(fromMs), new Date(fromMs + 2_000), new Date(toMs)];
  const cause = severity === 'down' ? 'no-answer' : random() < 0.5 ? 'latency' : 'errors';
  await database.query(
    `INSERT INTO health_incident (id, "subjectId", slug, "displayName", origin, severity, status, cause, models, "startedAt",
       "detectedAt", "closedAt", reopened, "updatedAt")
     VALUES ($1, $2, $3, $4, $5, $6, 'healthy', $7, '{}', $8, $9, $10, 0, $10) ON CONFLICT DO NOTHING`,
    [id, subjectId, slug, displayName, origin, severity, cause, startedAt, detectedAt, closedAt],
  );
  await database.query(
    `INSERT INTO health_incident_entry (id, "incidentId", kind, text, at)
     VALUES ($1, $2, 'opened', $3, $4), ($5, $2, 'closed', 'It answers as it should again.', $6) ON CONFLICT DO NOTHING`,
    [`ine_${id}a`, id, 'It was noticed by a check.', detectedAt, `ine_${id}b`, closedAt],
  );
}

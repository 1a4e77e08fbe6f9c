import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type AuditVerification, type ChainEntry, checkChains, verifyChain } from '@switchyard/api/checks';
import { parseAuditArguments } from './audit-arguments.ts';
import type { Surroundings } from './command.ts';
import { askGraph, ConnectionProblem, type GraphTarget } from './graph-connection.ts';
import { readTarget } from './run.ts';

interface Checked {
  readonly name: string;
  readonly found: Pick<AuditVerification, 'isIntact' | 'checkedEntries' | 'lastSeq' | 'lastHash' | 'anchorSeq'> & {
    readonly brokenSeq?: number | null | undefined;
    readonly problem?: string | null | undefined;
  };
}

/**
 * `switchyard audit verify` computes the chain of an audit log anew: of a file that was exported, with --team of a database
 * server (`all` for every team), else of a running server. `switchyard audit export` prints the log of a running server.
 * Answers the exit code: 0 intact, 1 not intact or not to be read, 2 wrong use.
 */
export async function audit(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { environment, errorOutput } = surroundings;
  const parsed = parseAuditArguments(args);
  const refuse = (problem: string, code: number) => {
    errorOutput.write(problem);
    return code;
  };
  if ('problem' in parsed) return refuse(parsed.problem, 2);
  try {
    if (parsed.action === 'verify' && parsed.file !== undefined)
      return tell([{ name: parsed.file, found: await verifyFile(parsed.file, surroundings) }], parsed, surroundings);
    if (parsed.action === 'verify' && parsed.team !== undefined) {
      const url = environment.DATABASE_URL?.trim();
      if (!url) return refuse('--team reads a Postgres server: name it in DATABASE_URL. Else leave --team away.', 2);
      const chains = await checkChains(url, parsed.team === 'all' ? undefined : parsed.team);
      if (chains.length === 0) return refuse('There is no audit log of such a team in this database.', 1);
      return tell(
        chains.map(({ teamId, found }) => ({ name: `team ${teamId}`, found })),
        parsed,
        surroundings,
      );
    }
    const target = readTarget(parsed, environment);
    if ('problem' in target) return refuse(target.problem.replace('READ and RUN', 'MANAGE'), 2);
    if (parsed.action === 'export') return await printExport(target, parsed.format, surroundings);
    const document =
      '{ auditVerification { isIntact checkedEntries brokenSeq problem lastSeq lastHash anchorSeq } viewer { team { name } } }';
    const { auditVerification, viewer } = await askGraph(target, document, {});
    return tell([{ name: `team "${viewer.team.name}"`, found: auditVerification }], parsed, surroundings);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof ConnectionProblem) return refuse(message, 1);
    if (error instanceof UnreadableFile) return refuse(message, 1);
    return refuse(`The audit log could not be read (${code ?? message}).`, 1);
  }
}

function tell(checked: readonly Checked[], { isJson }: { readonly isJson: boolean }, { output }: Surroundings): number {
  for (const { name, found } of checked) {
    const { isIntact, checkedEntries, brokenSeq, problem, lastSeq, lastHash, anchorSeq } = found;
    if (isJson) {
      output.write(JSON.stringify({ name, ...found }));
      continue;
    }
    const pruned = anchorSeq > 0 ? ` Entries up to ${anchorSeq} were removed as too old.` : '';
    output.write(
      isIntact
        ? `The audit log of ${name} is intact: ${checkedEntries} entries, the last is ${lastSeq}.${pruned}`
        : `The audit log of ${name} is NOT intact. Entry ${brokenSeq}: ${problem}`,
    );
    if (isIntact) output.write(`Hash of all: ${lastHash}. Kept elsewhere, it shows even a log that was written anew.`);
  }
  return checked.every(({ found }) => found.isIntact) ? 0 : 1;
}

class UnreadableFile extends Error {}

async function verifyFile(file: string, { workingDirectory }: Surroundings): Promise<AuditVerification> {
  const input = file === '-' ? process.stdin : createReadStream(resolve(workingDirectory, file), 'utf8');
  async function* entries(): AsyncGenerator<ChainEntry> {
    let line = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      if (text.trim() === '') continue;
      yield readEntry(text, line);
    }
  }
  return verifyChain(entries(), undefined);
}

function readEntry(text: string, line: number): ChainEntry {
  try {
    const entry = JSON.parse(text) as Partial<ChainEntry> | null;
    if (typeof entry?.seq === 'number' && typeof entry.hash === 'string' && typeof entry.payload === 'string')
      return { ...blank, ...entry } as ChainEntry;
  } catch {
    // Told below.
  }
  throw new UnreadableFile(`Line ${line} is no entry of an audit log: export it with --format jsonl.`);
}

const blank = {
  ...{ actorUserId: null, actorApiKeyId: null, reason: null, ipAddress: null, userAgent: null, requestId: null },
  ...{ objectId: null, objectName: null, revertsSeq: null, previousHash: '' },
};

async function printExport(
  target: GraphTarget,
  format: string,
  { output, errorOutput }: Surroundings,
): Promise<number> {
  const response = await fetch(`${target.server}/api/audit/export?format=${format}`, {
    headers: { authorization: `Bearer ${target.key}` },
  }).catch(() => undefined);
  if (!response) throw new ConnectionProblem(`Nothing answers at ${target.server}. Start Switchyard there.`);
  if (!response.ok || !response.body) {
    const body = (await response.json().catch(() => ({}))) as { readonly message?: string };
    errorOutput.write(body.message ?? `${target.server} answered ${response.status}.`);
    return 1;
  }
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const text of lines) output.write(text);
  }
  if (rest !== '') output.write(rest);
  return 0;
}

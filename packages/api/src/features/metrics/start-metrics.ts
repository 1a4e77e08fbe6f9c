import { join } from 'node:path';
import type { Clock, Log } from '@switchyard/core/kernel';
import type { MetricsReader } from '@switchyard/core/metrics';
import type { Database } from '../../persistence/database.ts';
import type { ApiSettings } from '../../settings.ts';
import { AxisValues } from './axis-values.ts';
import { CallRecordWriter } from './call-record-writer.ts';
import { DatabaseMetricsReader } from './database-metrics-reader.ts';
import { MetricsPruner } from './prune-metrics.ts';
import { RecordSpill } from './record-spill.ts';
import { type RollupSettings, RollupWorker } from './rollup-worker.ts';
import { WeekFolder } from './week-folder.ts';

/** The embedded database runs in this process: less at a time holds up calls less. */
const rollupSettings: Readonly<Record<Database['kind'], RollupSettings>> = {
  embedded: { afterRecords: 2_000, afterMs: 300_000, recordsPerTurn: 250 },
  server: { afterRecords: 5_000, afterMs: 300_000, recordsPerTurn: 2_500 },
};

/** Everything that remembers calls: written, rolled up, read, and forgotten in time. */
export interface MetricsStore {
  readonly writer: CallRecordWriter;
  readonly rollups: RollupWorker;
  readonly weeks: WeekFolder;
  readonly reader: MetricsReader;
  readonly pruner: MetricsPruner;
}

export function createMetricsStore(
  { prisma, kind }: Pick<Database, 'prisma' | 'kind'>,
  dependencies: {
    readonly clock: Clock;
    readonly log: Log;
    readonly instanceId: string;
    readonly settings: ApiSettings;
  },
): MetricsStore {
  const { clock, log, instanceId, settings } = dependencies;
  const values = new AxisValues(prisma);
  const { spillMaxBytes, recordDays } = settings.callRecords;
  const spill = new RecordSpill(
    { folder: join(settings.dataDir, 'unwritten-call-records'), maxBytes: spillMaxBytes, owner: instanceId },
    log,
  );
  return {
    writer: new CallRecordWriter(prisma, clock, log, spill),
    rollups: new RollupWorker({ prisma, values, clock, log, settings: rollupSettings[kind] }),
    weeks: new WeekFolder({ prisma, clock, log }),
    reader: new DatabaseMetricsReader(prisma, values, clock),
    pruner: new MetricsPruner(prisma, clock, log, { recordDays }),
  };
}

import type { CallOrigin } from '@switchyard/core/metrics';
import type { GraphContext } from '../../graphql/context.ts';
import { type ModelMeasurements, readModelMeasurements } from '../metrics/model-measurements.ts';
import type { OfferedModel } from '../providers/provider-registry.ts';

const sevenDaysMs = 7 * 24 * 60 * 60 * 1000;

type ByOrigin = Map<CallOrigin, Promise<ReadonlyMap<string, ModelMeasurements>>>;

/** One query per request and origin, however many models are listed. */
const loaded = new WeakMap<GraphContext, ByOrigin>();

export async function measurementsOf(model: OfferedModel, context: GraphContext): Promise<ModelMeasurements | null> {
  const { services, identity } = context;
  const byOrigin: ByOrigin = loaded.get(context) ?? new Map();
  loaded.set(context, byOrigin);
  const { origin } = model.instance;
  const since = new Date(services.clock.nowMs() - sevenDaysMs);
  const all = byOrigin.get(origin) ?? readModelMeasurements(services.prisma, identity.teamId, origin, since);
  byOrigin.set(origin, all);
  return (await all).get(model.modelId) ?? null;
}

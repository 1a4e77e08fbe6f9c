import { type CallOrigin, type MetricFilter, MetricsQueryError } from '@switchyard/core/metrics';
import { type ComparedSubject, compareSubjects, type SubjectComparison } from '@switchyard/core/reports';
import { deriveTier } from '@switchyard/core/routing';
import type { Services } from '../../container.ts';
import { readSubjects } from './read-subjects.ts';

export const modelTiers = ['frontier', 'strong', 'fast', 'small'] as const;
export type ModelTier = (typeof modelTiers)[number];

export interface ComparisonQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: 'provider' | 'model';
  readonly filter: MetricFilter;
  /** Only models of this class. */
  readonly tier?: ModelTier;
}

export interface ProviderComparison extends SubjectComparison {
  readonly question: ComparisonQuestion;
  readonly tierOf: (subject: ComparedSubject) => ModelTier | undefined;
}

/** More cannot be looked at side by side, and every pair costs certainty. */
const mostSubjects = 20;
const mostFilterValues = 50;

/** Providers or models side by side. Throws {@link MetricsQueryError}. */
export async function compareProviders(services: Services, question: ComparisonQuestion): Promise<ProviderComparison> {
  const { teamId, tier, by, filter, ...range } = question;
  const tierOf = (modelId: string) => tierOfModel(services, teamId, modelId);
  let narrowed = filter;
  if (tier !== undefined) {
    const { groups } = await services.metrics.reader.read({ ...range, teamId, by: ['model'], filter, groups: 100 });
    const models = groups.flatMap(({ values: [model = ''] }) => (tierOf(model) === tier ? [model] : []));
    if (models.length === 0) return { question, subjects: [], differences: [], tierOf: () => undefined };
    narrowed = { ...filter, model: models.slice(0, mostFilterValues) };
  }
  const subjects = await readSubjects(services, {
    ...range,
    ...{ teamId, by: [by], filter: narrowed, groups: mostSubjects },
  });
  return {
    ...compareSubjects(subjects.map(({ subject }) => subject)),
    question,
    tierOf: ({ subject }) => (by === 'model' ? tierOf(subject.key) : undefined),
  };
}

/** The class of a model by its price or its size; undefined when nothing tells, or it is not known any more. */
function tierOfModel({ providers }: Services, teamId: string, modelId: string): ModelTier | undefined {
  const model = providers.findModel(teamId, modelId);
  return model && deriveTier(model.catalog.vendorModelId, providers.price(teamId, model));
}

export function checkRange(fromMs: number, toMs: number): void {
  if (toMs - fromMs > 400 * 86_400_000)
    throw new MetricsQueryError([{ part: 'from', message: 'Compare at most 400 days.' }]);
}

import type { CodegenConfig } from '@graphql-codegen/cli';

const features = [
  'alerts',
  'arena',
  'audit',
  'catalog',
  'comparisons',
  'datasets',
  'experiments',
  'guardrails',
  'health',
  'home',
  'providers',
  'quality',
  'reports',
  'roles',
  'run-estimate',
  'routing',
  'runs',
  'settings',
  'teams',
  'workflows',
  'shell',
];
/** Fragments of other features that a feature's documents use. */
const borrowed: Readonly<Record<string, readonly string[]>> = {
  runs: ['src/features/comparisons/timeline.graphql', 'src/features/routing/route-plan.graphql'],
};
const folder = (feature: string) => (feature === 'shell' ? 'src/shell' : `src/features/${feature}`);

/** One generated module per feature (types and typed documents), and one file with every document by its persisted id. */
const config: CodegenConfig = {
  schema: '../../schema.graphql',
  config: {
    scalars: { DateTime: 'string', Decimal: 'string', JSON: 'unknown', ID: 'string' },
    defaultScalarType: 'unknown',
    enumsAsTypes: true,
    enumType: 'string-literal',
    useTypeImports: true,
    skipTypename: false,
    nonOptionalTypename: true,
    avoidOptionals: false,
    dedupeFragments: true,
  },
  generates: {
    ...Object.fromEntries(
      features.map((feature) => [
        `src/gql/${feature}.ts`,
        {
          documents: [`${folder(feature)}/**/*.graphql`, ...(borrowed[feature] ?? [])],
          plugins: ['typescript-operations', './codegen-documents.mjs'],
        },
      ]),
    ),
    'src/gql/persisted-documents.json': {
      documents: 'src/**/*.graphql',
      plugins: ['./codegen-documents.mjs'],
      config: { manifest: true },
    },
  },
};

export default config;

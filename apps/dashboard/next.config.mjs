import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

const api = process.env.SWITCHYARD_API_URL ?? 'http://127.0.0.1:4400';

/** A static export served by the launcher; only `next dev` has a server, which forwards to a running API. */
export default function config(phase) {
  const shared = {
    reactStrictMode: true,
    poweredByHeader: false,
    images: { unoptimized: true },
    // TypeScript 7 has no JavaScript API for Next to call; `pnpm typecheck` does this job.
    typescript: { ignoreBuildErrors: true },
    experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@tabler/icons-react'] },
    devIndicators: false,
  };
  if (phase === PHASE_DEVELOPMENT_SERVER) {
    return {
      ...shared,
      rewrites: async () => [
        { source: '/graphql', destination: `${api}/graphql` },
        { source: '/api/:path*', destination: `${api}/api/:path*` },
      ],
    };
  }
  // The launcher gives the API the same manifest, so the built pages may name their operations by id.
  return { ...shared, output: 'export', trailingSlash: false, env: { NEXT_PUBLIC_PERSISTED_DOCUMENTS: 'on' } };
}

import { accessSync, constants, existsSync, readdirSync, statfsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { explainFailure } from './explain-failure.mjs';
import { reportStage, StageError } from './report-stage.mjs';
import { inRepository, packageManager, pinnedNode, repositoryRoot } from './repository.mjs';
import { npmNeedsShell, npmProgram, runCommand } from './run-command.mjs';
import { hashInputs, isFresh, writeStamp } from './stamp.mjs';

const neededDiskBytes = 1_500_000_000;

/** The package.json files of all workspace packages. */
const packageManifests = () =>
  ['packages', 'apps'].flatMap((folder) =>
    existsSync(inRepository(folder))
      ? readdirSync(inRepository(folder)).map((name) => `${folder}/${name}/package.json`)
      : [],
  );

/** @returns {import('./stamp.mjs').StageFiles} */
const installFiles = () => ({
  name: 'install',
  inputs: [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'e2e/package.json',
    'bench/package.json',
    ...packageManifests(),
  ],
  outputs: ['node_modules/.modules.yaml', 'node_modules/node', 'node_modules/.bin'],
});

/** @type {import('./stamp.mjs').StageFiles} */
const prismaFiles = {
  name: 'prisma',
  inputs: ['prisma/schema', 'prisma.config.ts', 'pnpm-lock.yaml'],
  outputs: ['packages/api/src/generated'],
};

/** @param {string} path */
const isGeneratedByCodegen = (path) => path.includes('/gql/') || path.endsWith('.generated.ts');

/** @type {import('./stamp.mjs').StageFiles} */
const codegenFiles = {
  name: 'codegen',
  inputs: [
    'schema.graphql',
    'apps/dashboard/src',
    'apps/dashboard/codegen.ts',
    'apps/dashboard/codegen-documents.mjs',
    'pnpm-lock.yaml',
  ],
  outputs: ['apps/dashboard/src/gql'],
  ignore: isGeneratedByCodegen,
};

/** @type {import('./stamp.mjs').StageFiles} */
const dashboardFiles = {
  name: 'dashboard',
  inputs: ['apps/dashboard', 'pnpm-lock.yaml', 'tsconfig.base.json'],
  outputs: ['apps/dashboard/out/index.html'],
  ignore: (path) => path.endsWith('.tsbuildinfo') || path.endsWith('next-env.d.ts') || path.endsWith('.test.ts'),
};

/**
 * Runs one stage unless its outputs are already made from these inputs.
 * @param {string} title @param {import('./stamp.mjs').StageFiles} files
 * @param {{ program: string, args: readonly string[], env?: Record<string, string>, cwd?: string, shell?: boolean }} command
 */
async function runStage(title, files, command) {
  if (isFresh(files)) return;
  const hash = hashInputs(files);
  await reportStage(title, async () => {
    const { exitCode, output } = await runCommand(command.program, command.args, command);
    if (exitCode !== 0) throw new StageError(title, output, explainFailure(output, exitCode, command.program));
  });
  writeStamp(files, hash);
}

/** Refuses early, in one sentence, what would fail late and in a riddle. */
function checkFolder() {
  try {
    accessSync(repositoryRoot, constants.W_OK);
  } catch {
    throw new StageError(
      'Checking the folder',
      '',
      `${repositoryRoot} cannot be written: make it writable for your user.`,
    );
  }
  const disk = statfsSync(repositoryRoot);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes < neededDiskBytes) {
    const freeMegabytes = Math.round(freeBytes / 1e6);
    throw new StageError(
      'Checking the disk',
      '',
      `Only ${freeMegabytes} MB are free here: installing needs about 1500 MB.`,
    );
  }
}

/** Installs the locked packages with the pinned pnpm, which npm fetches if need be. */
export async function install() {
  const files = installFiles();
  if (isFresh(files)) return;
  checkFolder();
  const args = [
    ...[
      'exec',
      '--yes',
      '--prefer-offline',
      packageManager(),
      '--',
      'install',
      '--frozen-lockfile',
      '--prefer-offline',
    ],
    // npm has already fetched the pinned version: pnpm need not look for itself, nor ask before it renews node_modules.
    ...['--config.pmOnFail=ignore', '--config.confirmModulesPurge=false'],
  ];
  await runStage('Installing packages', files, { program: npmProgram, args, shell: npmNeedsShell });
}

/** Makes the database client and the dashboard's typed operations. Works offline. */
export async function generate() {
  await runStage('Generating database client', prismaFiles, {
    program: pinnedNode(),
    args: ['node_modules/prisma/build/index.js', 'generate'],
    // Prisma looks for its engine before it generates, but never starts it: any executable will do.
    env: {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PATH: [
        inRepository('packages/api/node_modules/.bin'),
        inRepository('node_modules/.bin'),
        process.env.PATH ?? '',
      ].join(delimiter),
    },
  });
  await runStage('Generating typed operations', codegenFiles, {
    program: pinnedNode(),
    args: ['node_modules/@graphql-codegen/cli/esm/bin.js'],
    cwd: inRepository('apps/dashboard'),
  });
}

/** Builds the dashboard into static files. */
export async function buildDashboard() {
  await runStage('Building the dashboard', dashboardFiles, {
    program: pinnedNode(),
    args: ['node_modules/next/dist/bin/next', 'build'],
    cwd: inRepository('apps/dashboard'),
  });
}

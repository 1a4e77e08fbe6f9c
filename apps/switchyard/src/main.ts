#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { processSurroundings } from './commands/command.ts';

const help = `Switchyard: one control plane for many language models.

Usage
  switchyard start                   start API, dashboard and (without a provider key) the simulator on one port
  switchyard run WORKFLOW            run a workflow on a server, follow it and print its outputs
  switchyard rehearse MODEL          break the provider of a model on purpose, follow what happens and print a report
  switchyard validate [FILE]         check a configuration file; needs no server and no network
  switchyard doctor [FILE]           check machine, settings, file and the keys of all providers
  switchyard audit verify [FILE]     check that the audit log is as it was written; docs/audit.md
  switchyard audit export            print the audit log of a server, as JSON lines or CSV
  switchyard reset-password EMAIL    print a link by which a person chooses a new password; docs/team.md
  switchyard rotate-secret           give the installation a new secret and seal all stored credentials with it
  switchyard schema                  print the JSON Schema of the configuration file, for editors
  switchyard --help                  show this
  switchyard --version               show the version

validate and doctor take --json for programs. Exit codes: 0 fine, 1 something to mend, 2 wrong use.
FILE is SWITCHYARD_CONFIG, else switchyard.yaml in this folder, when it is not given.

switchyard run WORKFLOW takes its inputs from --input FILE (YAML or JSON, - for the standard input) and --set NAME=VALUE,
and further --json, --detach, --version N, --tag TAG, --user NAME, --session NAME, --server URL (SWITCHYARD_URL, else
http://localhost:4400) and --key KEY (SWITCHYARD_API_KEY). Ctrl-C cancels the run, a second one leaves it as it is; docs/runs.md tells more.

switchyard rehearse MODEL takes --fallback NAME, --fault outage|error|latency|cut, --calls N, --provider ID, --json, --server and
--key. A simulated provider is broken for everybody, a real one for the calls of the rehearsal alone; docs/failover.md.

Settings are environment variables. The most used ones:
  PORT                   port to listen on (4400)
  HOST                   address to listen on (127.0.0.1; use 0.0.0.0 in a container)
  SWITCHYARD_CONFIG      configuration file (docs/configuration.md)
  SWITCHYARD_DATA_DIR    where data is kept (.switchyard in the repository)
  DATABASE_URL           a Postgres server instead of the embedded one
  SWITCHYARD_SIMULATOR   auto (when no provider is set up), on, off
  OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, HF_TOKEN, COHERE_API_KEY, OLLAMA_BASE_URL
All of them: docs/quick-start.md and docs/provider-setup.md.
`;

const repositoryRoot = resolve(import.meta.dirname, '../../..');

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
  return manifest.version;
}

/** Commands load what they need when they are called: the whole server takes seconds to load. */
async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === '--help' || command === '-h' || command === 'help' || rest.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  if (command === '--version' || command === '-v') {
    console.log(readVersion());
    return 0;
  }
  if (command === 'start' && rest.length === 0) return (await import('./start.ts')).start(process.env);
  if (command === 'validate') return (await import('./commands/validate.ts')).validate(rest, processSurroundings());
  if (command === 'run') return (await import('./commands/run.ts')).run(rest, processSurroundings());
  if (command === 'rehearse') return (await import('./commands/rehearse.ts')).rehearse(rest, processSurroundings());
  if (command === 'audit') return (await import('./commands/audit.ts')).audit(rest, processSurroundings());
  if (command === 'schema')
    return (await import('./commands/print-schema.ts')).printSchema(rest, processSurroundings());
  if (command === 'doctor') {
    const { doctor } = await import('./commands/doctor.ts');
    return doctor(rest, processSurroundings(), { defaultDataDir: join(repositoryRoot, '.switchyard') });
  }
  if (command === 'reset-password') {
    const { resetPasswordCommand } = await import('./commands/reset-password.ts');
    return resetPasswordCommand(rest, processSurroundings(), join(repositoryRoot, '.switchyard'));
  }
  if (command === 'rotate-secret') {
    const { rotateSecretCommand } = await import('./commands/rotate-secret.ts');
    return rotateSecretCommand(rest, processSurroundings(), join(repositoryRoot, '.switchyard'));
  }
  const problem = command === undefined ? 'Say what to do.' : `"${args.join(' ')}" is no command.`;
  console.error(
    `${problem} Known: switchyard start, run, rehearse, validate, doctor, schema, audit, reset-password, rotate-secret, --help, --version.`,
  );
  return 2;
}

process.exit(await run(process.argv.slice(2)));

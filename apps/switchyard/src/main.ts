#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { start } from './start.ts';

const help = `Switchyard: one control plane for many language models.

Usage
  switchyard start       start API, dashboard and (without a provider key) the simulator on one port
  switchyard --help      show this
  switchyard --version   show the version

Settings are environment variables. The most used ones:
  PORT                   port to listen on (4400)
  HOST                   address to listen on (127.0.0.1; use 0.0.0.0 in a container)
  SWITCHYARD_DATA_DIR    where data is kept (.switchyard in the repository)
  DATABASE_URL           a Postgres server instead of the embedded one
  SWITCHYARD_SIMULATOR   auto (when no provider is set up), on, off
  OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, HF_TOKEN, COHERE_API_KEY, OLLAMA_BASE_URL
All of them: docs/quick-start.md and docs/provider-setup.md.
`;

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
  );
  return manifest.version;
}

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
  if (command === 'start' && rest.length === 0) return start(process.env);
  const problem = command === undefined ? 'Say what to do.' : `"${args.join(' ')}" is no command.`;
  console.error(`${problem} Known: switchyard start, --help, --version.`);
  return 2;
}

process.exit(await run(process.argv.slice(2)));

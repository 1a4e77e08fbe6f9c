/** The fastest TypeScript gateway on npm, started by its own program. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const program = createRequire(import.meta.url).resolve('@portkey-ai/gateway/build/start-server.js');
const port = await freePort();
const child = spawn(process.execPath, [program, `--port=${port}`, '--headless'], {
  env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: 'localhost,127.0.0.1' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
child.once('exit', (code) => process.exit(code ?? 1));
process.once('SIGTERM', () => child.kill('SIGKILL'));
const url = `http://127.0.0.1:${port}`;
for (;;) {
  const isUp = await fetch(url).then(
    () => true,
    () => false,
  );
  if (isUp) break;
  await sleep(100);
}
console.log(`ready ${url}`);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: found } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return found;
}

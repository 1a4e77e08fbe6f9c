import { parseArgs } from 'node:util';
import { startSimulator } from './index.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4500' },
    host: { type: 'string', default: '127.0.0.1' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    'require-keys': { type: 'boolean', default: false },
  },
});

const simulator = await startSimulator({
  port: Number(values.port),
  host: values.host,
  speed: Number(values.speed),
  seed: Number(values.seed),
  requireKeys: values['require-keys'],
});
console.log(`Simulated vendors at ${simulator.url} (control: ${simulator.url}/_control)`);
for (const [vendor, url] of Object.entries(simulator.baseUrls)) console.log(`  ${vendor.padEnd(12)} ${url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());

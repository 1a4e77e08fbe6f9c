// Asks the package registry whether weaknesses of what is installed are known. Without an answer it says so and does not fail.
import { spawnSync } from 'node:child_process';

const { status, stdout, error } = spawnSync('pnpm', ['audit', '--prod', '--json'], {
  encoding: 'utf8',
  timeout: 60_000,
});
let report;
try {
  report = JSON.parse(stdout ?? '');
} catch {
  report = undefined;
}
const counts = report?.metadata?.vulnerabilities;
if (error || !counts) {
  console.log('The package registry gave no answer: nothing is known about weaknesses. Try again with a network.');
  process.exit(0);
}
const grave = (counts.high ?? 0) + (counts.critical ?? 0);
console.log(
  `Known weaknesses: ${Object.entries(counts)
    .map(([level, count]) => `${level} ${count}`)
    .join(', ')}.`,
);
for (const { severity, module_name, title, url } of Object.values(report.advisories ?? {}))
  console.log(`${severity}: ${module_name}: ${title} ${url}`);
process.exit(grave > 0 && status !== 0 ? 1 : 0);

// Finds a Chromium that runs. As a program it prints the path; `--install` fetches one when there is none.
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { canInstallPackages, installInTurn, installPackages } from './tasks/debian-packages.mjs';
import { inRepository, pinnedNode } from './tasks/repository.mjs';
import { runCommand } from './tasks/run-command.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const elsewhere = [
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Browsers that Playwright downloaded, newest first. */
function playwrightBrowsers() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH ?? '',
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
  ];
  const programs = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  ];
  return caches
    .filter((cache) => cache !== '' && existsSync(cache))
    .flatMap((cache) =>
      readdirSync(cache)
        .filter((name) => /^chromium-\d+$/.test(name))
        .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
        .flatMap((name) => programs.map((program) => join(cache, name, program))),
    );
}

/** The path of a Chromium that can be started here, or undefined. `SWITCHYARD_CHROMIUM` comes first. */
export async function findChromium() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const candidates = [
    process.env.SWITCHYARD_CHROMIUM ?? '',
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...elsewhere,
    ...playwrightBrowsers(),
  ];
  for (const path of new Set(candidates)) {
    // Some systems have a stub of this name that only tells how to install it.
    if (
      path !== '' &&
      existsSync(path) &&
      (await runCommand(path, ['--version'], { timeoutMs: 20_000 })).exitCode === 0
    )
      return path;
  }
  return undefined;
}

/** The path of a Chromium, fetched by Playwright or from Debian when none is there; undefined when nothing helped. */
export async function ensureChromium() {
  const found = await findChromium();
  return found ?? installInTurn(installChromium);
}

async function installChromium() {
  const install = ['install', 'chromium', ...(canInstallPackages() ? ['--with-deps'] : [])];
  const program = inRepository('node_modules/@playwright/test/cli.js');
  await runCommand(pinnedNode(), [program, ...install], { timeoutMs: 300_000 });
  const downloaded = await findChromium();
  if (downloaded !== undefined) return downloaded;
  await installPackages(['chromium']);
  return findChromium();
}

/** One line for when there is none. */
export const chromiumMissing =
  'No Chromium was found and none could be installed: install one (for example `apt-get install chromium`) or set SWITCHYARD_CHROMIUM to its path.';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = process.argv.includes('--install') ? await ensureChromium() : await findChromium();
  console.log(path ?? chromiumMissing);
  process.exitCode = path === undefined ? 1 : 0;
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from './repository.mjs';

/**
 * What a stage reads and makes. All paths are relative to the root; a folder stands for every file below it.
 * @typedef {object} StageFiles
 * @property {string} name the stamp's file name
 * @property {readonly string[]} inputs
 * @property {readonly string[]} outputs all must exist for the stamp to count
 * @property {(path: string) => boolean} [ignore] paths (with `/`) below `inputs` that do not count
 */

const alwaysIgnored = new Set(['node_modules', '.next', 'out', '.turbo', '.git']);

/** All files below `path`, sorted, as paths relative to `root` with `/`. @param {string} root @param {string} path @returns {string[]} */
function listFiles(root, path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => !alwaysIgnored.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = relative(root, join(absolute, entry.name)).replaceAll('\\', '/');
      return entry.isDirectory() ? listFiles(root, child) : entry.isFile() ? [child] : [];
    });
}

/** A hash over names and contents of the stage's inputs, and over the machine's kind. @param {StageFiles} stage @param {string} [root] */
export function hashInputs(stage, root = repositoryRoot) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of stage.inputs.flatMap((path) => listFiles(root, path))) {
    if (stage.ignore?.(file)) continue;
    const content = readFileSync(join(root, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** @param {StageFiles} stage @param {string} root */
const stampPath = (stage, root) => join(root, 'node_modules', '.switchyard', `${stage.name}.stamp`);

/** Whether the outputs exist and were made from just these inputs. @param {StageFiles} stage @param {string} [root] */
export function isFresh(stage, root = repositoryRoot) {
  if (stage.outputs.some((path) => !existsSync(join(root, path)))) return false;
  const path = stampPath(stage, root);
  return existsSync(path) && readFileSync(path, 'utf8') === hashInputs(stage, root);
}

/**
 * Records that the outputs stand for `hash`, taken *before* the stage ran: an input changed meanwhile makes it run again.
 * @param {StageFiles} stage @param {string} hash @param {string} [root]
 */
export function writeStamp(stage, hash, root = repositoryRoot) {
  const path = stampPath(stage, root);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, hash);
}

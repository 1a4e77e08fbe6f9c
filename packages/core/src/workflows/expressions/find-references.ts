import type { ASTNode } from '@marcbachmann/cel-js';
import { positionAt, type Reference } from '../values/reference.ts';
import { childNodes, loops } from './expression-environment.ts';

/** All ways into the context (`roots`) that the expression takes, each as long as it can be told; loop variables are none. */
export function findReferences(root: ASTNode, source: string, roots: readonly string[]): readonly Reference[] {
  const references: Reference[] = [];
  const visit = (node: ASTNode, hidden: ReadonlySet<string>, isTest: boolean): void => {
    const way = readWay(node);
    if (way) {
      const [name] = way.path;
      if (typeof name === 'string' && roots.includes(name) && !hidden.has(name)) {
        const position = positionAt(source, node.start);
        references.push({ path: way.path, position, ...(isTest && { isTest: true as const }) });
      }
      for (const key of way.keys) visit(key, hidden, false);
      return;
    }
    if (node.op === 'rcall' && loops.has(node.args[0] as string)) {
      const [, receiver, parts] = node.args as [string, ASTNode, ASTNode[]];
      visit(receiver, hidden, false);
      const [variable, ...bodies] = parts;
      const inner = variable?.op === 'id' ? new Set([...hidden, variable.args as string]) : hidden;
      for (const body of bodies) visit(body, inner, false);
      return;
    }
    const asksPresence = node.op === 'call' && (node.args[0] === 'has' || node.args[0] === 'get');
    for (const child of childNodes(node)) visit(child, hidden, asksPresence);
  };
  visit(root, new Set(), false);
  return references;
}

/** `a.b["c"][0]` as a path, with the nodes of keys that only a run can tell. */
function readWay(node: ASTNode): { path: (string | number | undefined)[]; keys: ASTNode[] } | undefined {
  const path: (string | number | undefined)[] = [];
  const keys: ASTNode[] = [];
  let at: ASTNode = node;
  for (;;) {
    if (at.op === 'id') return { path: [at.args as string, ...path.reverse()], keys };
    if (at.op === '.') {
      const [receiver, name] = at.args as [ASTNode, string];
      path.push(name);
      at = receiver;
    } else if (at.op === '[]') {
      const [receiver, key] = at.args as [ASTNode, ASTNode];
      const value = key.op === 'value' ? key.args : undefined;
      if (typeof value === 'string') path.push(value);
      else if (typeof value === 'bigint' || typeof value === 'number') path.push(Number(value));
      else {
        path.push(undefined);
        keys.push(key);
      }
      at = receiver;
    } else return undefined;
  }
}

import type { Json, JsonMap } from './definition.ts';

/** Names and indexes of `steps[2].models[0].model`. Names in quotes may hold anything: `inputs["a b"]`. */
export function parsePath(path: string): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  for (const [, name, index, quoted] of path.matchAll(/([^.[\]"]+)(?=[.[\]]|$)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    if (index !== undefined) parts.push(Number(index));
    else if (quoted !== undefined) parts.push(JSON.parse(quoted) as string);
    else if (name !== undefined && !/^\d+$/.test(name)) parts.push(name);
  }
  return parts;
}

/** The value at `path` of plain data; undefined when there is none. */
export function readAt(value: unknown, path: string): Json | undefined {
  let found = value;
  for (const part of parsePath(path)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return found as Json | undefined;
}

/**
 * `map` with another value at `path`; what lies on the way is made when it is not there. Undefined takes the value
 * away, and with it the maps around it that it leaves empty: an empty map says nothing in a definition.
 */
export function writeAt<Map extends JsonMap>(map: Map, path: string, value: Json | undefined): Map {
  return (put(map, parsePath(path), value) ?? {}) as Map;
}

function put(holder: unknown, [part, ...rest]: readonly (string | number)[], value: Json | undefined): unknown {
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const list: unknown[] = Array.isArray(holder) ? [...holder] : [];
    const next = put(list[part], rest, value);
    if (next === undefined && rest.length === 0) list.splice(part, 1);
    else list[part] = next ?? {};
    return list;
  }
  const map: Record<string, unknown> =
    typeof holder === 'object' && holder !== null && !Array.isArray(holder) ? { ...holder } : {};
  const next = put(map[part], rest, value);
  if (next === undefined) delete map[part];
  else map[part] = next;
  return value === undefined && Object.keys(map).length === 0 ? undefined : map;
}

/** Where one list entry goes to another place. */
export function movedEntry<Entry>(list: readonly Entry[], from: number, to: number): readonly Entry[] {
  const next = [...list];
  const [entry] = next.splice(from, 1);
  if (entry !== undefined) next.splice(to, 0, entry);
  return next;
}

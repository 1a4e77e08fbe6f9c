import { ControlError, parseControlInput } from '../control/control-error.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { SimulatedVendor } from '../vendors.ts';
import { type Fault, type FaultInput, faultSchema } from './fault-schema.ts';

/** A fault with what happened to it so far. */
export type FaultStatus = Fault & {
  /** Requests that matched. */
  seen: number;
  /** Requests that were hit. */
  hits: number;
};

export type EndpointPath = 'chat' | 'models' | 'embeddings';

export interface FaultRegistry {
  list(): FaultStatus[];
  /** Throws `ControlError` 400 for wrong input, 409 when the id exists. */
  add(input: FaultInput): FaultStatus;
  /** Puts a fault under the id, counters at zero; makes it when there is none. */
  replace(id: string, input: FaultInput): FaultStatus;
  delete(id: string): boolean;
  clear(): void;
  /** The faults that hit this request, oldest first; counts them. */
  take(
    request: { vendor: SimulatedVendor; models: readonly string[]; path: EndpointPath },
    random: () => SeededRandom,
  ): Fault[];
}

export function createFaultRegistry(): FaultRegistry {
  const faults = new Map<string, FaultStatus>();
  let nextNumber = 1;

  function freshId(): string {
    while (faults.has(`fault-${nextNumber}`)) nextNumber++;
    return `fault-${nextNumber++}`;
  }
  function parse(input: unknown): FaultInput {
    const fault = parseControlInput(faultSchema, input);
    if (fault.kind === 'error' && fault.status === undefined && fault.code === undefined) {
      throw new ControlError(400, [{ field: 'status', message: 'an error needs a status or a code' }]);
    }
    return fault;
  }

  return {
    list: () => [...faults.values()].map((fault) => ({ ...fault })),
    add(input) {
      const fault = parse(input);
      const id = fault.id ?? freshId();
      if (faults.has(id)) throw new ControlError(409, [{ field: 'id', message: `there is a fault ${id} already` }]);
      const status = { ...fault, id, seen: 0, hits: 0 } as FaultStatus;
      faults.set(id, status);
      return { ...status };
    },
    replace(id, input) {
      const status = { ...parse({ ...input, id }), id, seen: 0, hits: 0 } as FaultStatus;
      faults.set(id, status);
      return { ...status };
    },
    delete: (id) => faults.delete(id),
    clear: () => faults.clear(),
    take(request, random) {
      if (faults.size === 0) return [];
      const hit: Fault[] = [];
      let chance: SeededRandom | undefined;
      for (const fault of faults.values()) {
        if (fault.vendor !== undefined && fault.vendor !== request.vendor) continue;
        if (fault.model !== undefined && !request.models.includes(fault.model)) continue;
        if ((fault.path ?? 'chat') !== request.path) continue;
        fault.seen++;
        if (fault.seen <= (fault.skip ?? 0)) continue;
        if (fault.times !== undefined && fault.hits >= fault.times) continue;
        if (fault.probability !== undefined && fault.probability < 1) {
          chance ??= random();
          if (!chance.chance(fault.probability)) continue;
        }
        fault.hits++;
        hit.push(fault);
      }
      return hit;
    },
  };
}

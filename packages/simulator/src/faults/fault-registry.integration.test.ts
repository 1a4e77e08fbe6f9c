import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../index.ts';
import { fetchLoose, sendChat } from '../testing/wire-client.ts';
import type { SimulatedVendor } from '../vendors.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
});
afterEach(() => simulator.control.reset());
afterAll(() => simulator.stop());

describe('which requests a fault hits', () => {
  const statuses = async (count: number, vendor: SimulatedVendor = 'openai', model?: string): Promise<number[]> => {
    const found: number[] = [];
    for (let index = 0; index < count; index++)
      found.push((await sendChat(simulator, { vendor, ...(model && { model }) })).status);
    return found;
  };

  test('skip, times, model, vendor, path', async () => {
    simulator.control.addFault({
      id: 'later',
      kind: 'error',
      status: 500,
      skip: 1,
      times: 2,
      vendor: 'openai',
      model: 'gpt-4o',
    });
    expect(await statuses(2)).toEqual([200, 200]);
    expect(await statuses(4, 'openai', 'gpt-4o')).toEqual([200, 500, 500, 200]);
    expect(simulator.control.listFaults()[0]).toMatchObject({ id: 'later', seen: 4, hits: 2 });
    simulator.control.addFault({ kind: 'error', status: 503, path: 'models' });
    expect(await statuses(1)).toEqual([200]);
    expect(
      (await fetchLoose(`${simulator.baseUrls.openai}/models`, { headers: { authorization: 'Bearer k' } })).status,
    ).toBe(503);
  });

  test('probability, the same for the same seed', async () => {
    simulator.control.addFault({ kind: 'error', status: 500, probability: 0.5 });
    const first = await statuses(40);
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(8);
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(8);
    simulator.control.reset();
    simulator.control.addFault({ kind: 'error', status: 500, probability: 0.5 });
    expect(await statuses(40)).toEqual(first);
  });
});

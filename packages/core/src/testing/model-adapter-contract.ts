import { type Simulator, startSimulator } from '@switchyard/simulator';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { ModelAdapter } from '../spec/index.ts';
import { describeBoundaries } from './contract/boundary-contract.ts';
import { describeCancelling } from './contract/cancel-contract.ts';
import { describeContent } from './contract/content-contract.ts';
import { type ContractSetup, type ContractSubject, canaryKey } from './contract/contract-subject.ts';
import { describeEndings } from './contract/ending-contract.ts';
import { describeFailures } from './contract/failure-contract.ts';

/**
 * The contract of `spec/model-adapter.ts`, one test per sentence, against the simulator over real HTTP. Every adapter
 * and every profile runs it.
 */
export function describeModelAdapterContract(name: string, setup: ContractSetup): void {
  describe(`model adapter contract: ${name}`, () => {
    let simulator: Simulator;
    let adapter: ModelAdapter;
    beforeAll(async () => {
      simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
      adapter = setup.createAdapter({ baseUrl: simulator.baseUrls[setup.vendor], apiKey: canaryKey });
    });
    beforeEach(() => simulator.control.reset());
    afterAll(() => simulator.stop());

    const subject: ContractSubject = {
      ...setup,
      simulator: () => simulator,
      adapter: () => adapter,
      inject: (fault) => {
        simulator.control.addFault(fault);
      },
    };
    describe('endings', () => describeEndings(subject));
    describe('failures', () => describeFailures(subject));
    describe('cancelling', () => describeCancelling(subject));
    describe('content', () => describeContent(subject));
    describe('byte boundaries', () => describeBoundaries(subject));
  });
}

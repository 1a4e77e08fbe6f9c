import { type Simulator, startSimulator } from '@switchyard/simulator';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { ModelAdapter } from '../spec/index.ts';
import { describeBoundaries } from './contract/boundary-contract.ts';
import { describeCancelling } from './contract/cancel-contract.ts';
import { describeContent } from './contract/content-contract.ts';
import { type ContractSetup, type ContractSubject, canaryKey } from './contract/contract-subject.ts';
import { describeEmbeddings } from './contract/embeddings-contract.ts';
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
      adapter = subject.createAdapter({ baseUrl: simulator.baseUrls[setup.vendor], apiKey: canaryKey });
    });
    beforeEach(() => simulator.control.reset());
    afterAll(() => simulator.stop());

    const subject: ContractSubject = {
      ...setup,
      createAdapter: (connection) => (setup.isWhole ? askingWhole : same)(setup.createAdapter(connection)),
      simulator: () => simulator,
      adapter: () => adapter,
      streamingAdapter: () => setup.createAdapter({ baseUrl: simulator.baseUrls[setup.vendor], apiKey: canaryKey }),
      inject: (fault) => {
        simulator.control.addFault(fault);
      },
    };
    describe('endings', () => describeEndings(subject));
    describe('failures', () => describeFailures(subject));
    describe('cancelling', () => describeCancelling(subject));
    describe('content', () => describeContent(subject));
    if (!setup.isWhole) describe('embeddings', () => describeEmbeddings(subject));
    describe('byte boundaries', () => describeBoundaries(subject));
  });
}

const same = (adapter: ModelAdapter) => adapter;

/** Asks for every answer in one piece, with an output cap under which every vendor gives one. */
function askingWhole(adapter: ModelAdapter): ModelAdapter {
  return {
    provider: adapter.provider,
    testConnection: (signal) => adapter.testConnection(signal),
    stream: (call, signal) => adapter.stream({ maxOutputTokens: 4_096, ...call, isWhole: true }, signal),
  };
}

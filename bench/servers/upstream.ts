/** The upstream of all candidates: the simulator with a fixed short answer and no delay. */
import { startSimulator } from '@switchyard/simulator';

const simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
simulator.control.updateSettings({
  fixedAnswer: 'A railway switch moves two tapered rails so that a train takes the other track.',
});
console.log(`ready ${simulator.baseUrls.openai}`);
process.once('SIGTERM', () => process.exit(0));

/** An upstream that writes long answers at a steady rate, for benchmarks of streaming. */
import { startSimulator } from '@switchyard/simulator';

const simulator = await startSimulator({ speed: 1 });
const words = Array.from({ length: Number(process.env.ANSWER_WORDS ?? 3_000) }, (_, index) => `word${index % 97}`);
simulator.control.updateSettings({
  fixedAnswer: words.join(' '),
  overrides: [{ ttftMs: 50, tokensPerSecond: Number(process.env.TOKENS_PER_SECOND ?? 100) }],
});
console.log(`ready ${simulator.baseUrls.openai}`);
process.once('SIGTERM', () => process.exit(0));

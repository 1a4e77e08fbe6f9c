import type { Strategy } from './draft-rule.ts';

interface StrategyWords {
  value: Strategy;
  label: string;
  /** What it does, in one sentence. */
  hint: string;
  /** When to take it. */
  use: string;
}

export const strategyChoices: readonly StrategyWords[] = [
  {
    value: 'BALANCED',
    label: 'Balanced',
    hint: 'Highest weighted mean of cost, latency, quality and reliability first.',
    use: 'A good start: the weights say what matters, and they are yours.',
  },
  {
    value: 'COST_FIRST',
    label: 'Cost first',
    hint: 'Cheapest expected call first; models without a known price last.',
    use: 'For bulk work where every model is good enough.',
  },
  {
    value: 'LATENCY_FIRST',
    label: 'Latency first',
    hint: 'Shortest measured median first.',
    use: 'For chats and autocompletion, where people wait.',
  },
  {
    value: 'QUALITY_FIRST',
    label: 'Quality first',
    hint: 'Highest expected quality first: ratings, else the tier of the catalogue.',
    use: 'For work that people check line by line.',
  },
  {
    value: 'RELIABILITY_FIRST',
    label: 'Reliability first',
    hint: 'Fewest errors first.',
    use: 'For work at night, when nobody can press Retry.',
  },
  {
    value: 'ADAPTIVE',
    label: 'Adaptive',
    hint: 'Learns from ratings, judges and feedback which model does best for this kind of work.',
    use: 'When answers are judged somehow. It tries others now and then, within rules and limits.',
  },
  {
    value: 'MANUAL',
    label: 'Manual',
    hint: 'In the order in which they are listed.',
    use: 'For a chain whose order you decided yourself.',
  },
  {
    value: 'WEIGHTED',
    label: 'Weighted',
    hint: "Drawn by the models' weights; one session keeps its model.",
    use: 'To share load, or to bring in a new model slowly.',
  },
  {
    value: 'PARALLEL',
    label: 'Parallel',
    hint: 'All at once; the first good answer is taken.',
    use: 'When speed is worth paying several times.',
  },
];

export const strategyLabel = (strategy: Strategy) =>
  strategyChoices.find(({ value }) => value === strategy)?.label ?? strategy.toLowerCase().replaceAll('_', ' ');

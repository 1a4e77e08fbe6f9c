/** One request of a replay whose reward is known for every arm. */
export interface ReplayedChoice {
  /** Place of the arm that was chosen. */
  readonly chosen: number;
  /** The reward that each arm would have given. */
  readonly rewards: readonly number[];
  readonly taskClass: string;
}

export interface Regret {
  /** Mean reward per request of what was chosen. */
  readonly reward: number;
  /** Mean reward of the one arm that is best in hindsight, and of the best one per class of task. */
  readonly bestArm: number;
  readonly bestPerClass: number;
  /** Sums over all requests of best − chosen; the first can be negative. */
  readonly regretToBestArm: number;
  readonly regretToBestPerClass: number;
}

/** What was lost against having known the best arm, overall or per class, from the start. At least one choice. */
export function computeRegret(choices: readonly ReplayedChoice[]): Regret {
  const totals: number[] = [];
  const byClass = new Map<string, number[]>();
  let sum = 0;
  for (const { chosen, rewards, taskClass } of choices) {
    sum += rewards[chosen] ?? 0;
    const own = byClass.get(taskClass) ?? [];
    byClass.set(taskClass, own);
    for (const [arm, reward] of rewards.entries()) {
      totals[arm] = (totals[arm] ?? 0) + reward;
      own[arm] = (own[arm] ?? 0) + reward;
    }
  }
  const best = Math.max(...totals);
  const bestOfClasses = [...byClass.values()].reduce((total, own) => total + Math.max(...own), 0);
  const count = choices.length;
  return {
    reward: sum / count,
    bestArm: best / count,
    bestPerClass: bestOfClasses / count,
    regretToBestArm: best - sum,
    regretToBestPerClass: bestOfClasses - sum,
  };
}

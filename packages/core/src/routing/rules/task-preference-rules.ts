import type { RoutingRule } from './routing-rule.ts';

/**
 * Turns `task_preferences` of the configuration file (class of task → models, best first) into rules: one per class, which
 * puts the models first in this order and lets the other rules have their say.
 */
export function taskPreferenceRules(preferences: Readonly<Record<string, readonly string[]>>): readonly RoutingRule[] {
  return Object.entries(preferences).map(([taskClass, models]) => ({
    id: `task-preference:${taskClass}`,
    name: `Preferred for ${taskClass}`,
    isEnabled: true,
    when: `request.taskClass == ${JSON.stringify(taskClass)}`,
    actions: [{ type: 'prefer', models }],
    isFinal: false,
  }));
}

import type { IncomingHttpHeaders } from 'node:http';
import type { CallPurpose } from '@switchyard/core/metrics';
import { z } from 'zod';

/** What a client says of a call, for rules, settings, learning and reports. */
export type CallAttributes = Pick<CallPurpose, 'role' | 'workflowId' | 'stepId' | 'taskClass'>;

const longestName = 200;

const nameInput = z.string().trim().min(1).max(longestName).nullish();

export const callContextInput = z
  .object({
    role: nameInput,
    workflow: nameInput,
    step: nameInput,
    taskClass: nameInput,
  })
  .nullish();

/** The attributes that are there. */
export function toCallAttributes(context: z.output<typeof callContextInput>): CallAttributes {
  const { role, workflow, step, taskClass } = context ?? {};
  return {
    ...(role && { role }),
    ...(workflow && { workflowId: workflow }),
    ...(step && { stepId: step }),
    ...(taskClass && { taskClass }),
  };
}

/**
 * Reads the headers `x-switchyard-role`, `-workflow`, `-step` and `-task-class`, which any OpenAI client
 * can send along. What is too long is cut: a header must not fail a call.
 */
export function readCallAttributes(headers: IncomingHttpHeaders): CallAttributes {
  const read = (name: string) => {
    const value = headers[`x-switchyard-${name}`];
    return (Array.isArray(value) ? value.join(',') : value)?.trim();
  };
  const readName = (name: string) => read(name)?.slice(0, longestName) || null;
  return toCallAttributes({
    role: readName('role'),
    workflow: readName('workflow'),
    step: readName('step'),
    taskClass: readName('task-class'),
  });
}

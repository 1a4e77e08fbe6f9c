// The thread in which templates and expressions are evaluated; see EvaluationPool.
import { parentPort } from 'node:worker_threads';
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { doTask, type EvaluationReply, type EvaluationRequest } from './evaluation-task.ts';

const mostDefinitions = 200;
const definitions = new Map<string, WorkflowDefinition>();

parentPort?.on('message', ({ id, definitionKey, definition: sent, task }: EvaluationRequest) => {
  const definition = sent ?? definitions.get(definitionKey);
  if (!definition) {
    reply({ id, isDone: false, needsDefinition: true });
    return;
  }
  definitions.delete(definitionKey);
  definitions.set(definitionKey, definition);
  for (const oldest of definitions.keys()) {
    if (definitions.size <= mostDefinitions) break;
    definitions.delete(oldest);
  }
  try {
    reply({ id, isDone: true, result: doTask(task, definition) });
  } catch (error) {
    reply({ id, isDone: false, message: error instanceof Error ? error.message : String(error) });
  }
});

parentPort?.postMessage({ isReady: true } satisfies EvaluationReply);

function reply(message: EvaluationReply): void {
  parentPort?.postMessage(message);
}

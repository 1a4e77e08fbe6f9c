import { configurationJsonSchema } from '@switchyard/core/provisioning';
import type { Surroundings } from './command.ts';

/** `switchyard schema`: prints the JSON Schema of `switchyard.yaml` for editors. Answers the exit code. */
export function printSchema(args: readonly string[], { output, errorOutput }: Surroundings): number {
  if (args.length > 0) {
    errorOutput.write('Usage: switchyard schema');
    return 2;
  }
  output.write(JSON.stringify(configurationJsonSchema(), undefined, 2));
  return 0;
}

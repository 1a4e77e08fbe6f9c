export { type LinkedAbort, linkAbort } from './abort.ts';
export { BoundedQueue, type BoundedQueueOptions } from './bounded-queue.ts';
export { type Clock, sleep, type Timer } from './clock.ts';
export { type ErrorCode, errorCodes, SwitchyardError } from './errors.ts';
export { encodeBase32, type Ids } from './ids.ts';
export { type Log, type LogFields, silentLog } from './log.ts';
export { formatUsd, type NanoUsd, parseUsd } from './money.ts';
export { createSeededRandom, type Random } from './random.ts';
export { isStorableText, toStorable, toStorableText } from './storable-text.ts';

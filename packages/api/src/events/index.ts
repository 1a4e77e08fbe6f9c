export { EventHub, type EventHubOptions } from './event-hub.ts';
export { type EventBatch, type EventStore, type Sequenced, StreamLostError } from './event-store.ts';
export { LiveStream, type QueuePolicy } from './live-stream.ts';

import { RequestQueuePrototype, type RequestQueue } from './kafkajs-internals.ts';

const CHECK_INTERVAL_MS = 10;

/**
 * kafkajs re-arms this timer after every response, with the negative time since a throttling that never was: each idle
 * connection wakes up every millisecond, and Node warns of a negative time-out (tulios/kafkajs#1751). Here the timer runs
 * only while a request is waiting to be sent.
 */
function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const throttledForMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledForMs > 0 ? throttledForMs : CHECK_INTERVAL_MS,
  );
}

/** Repairs every connection of kafkajs in this process. */
export function repairRequestQueue(): void {
  RequestQueuePrototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}

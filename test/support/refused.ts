import assert from 'node:assert/strict';
import { InfrastructureError } from '../../platform/errors.ts';

/** Passes if it is refused soon, in one line that names the setting and no password, as nothing that may pass by itself. */
export async function assertRefused(work: Promise<unknown>, setting: string, message: RegExp): Promise<void> {
  const startedAt = performance.now();
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof InfrastructureError, String(error));
  assert.match(error.message, message);
  assert.equal(error.setting, setting, error.message);
  assert.equal(error.retryable, false);
  assert.ok(!error.message.includes('\n') && !/(alice|wrong|first|second)-password/.test(error.message));
  assert.ok(performance.now() - startedAt < 4_000, 'it was tried again and again');
}

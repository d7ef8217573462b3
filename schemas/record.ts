import type { RecordTypes } from './generated/records.ts';

/** A collector's record of a type that schemas/ describes: TypeScript checks every field. */
export function record<T extends keyof RecordTypes>(
  type: T,
  value: RecordTypes[T],
): { type: T; value: Record<string, unknown> } {
  return { type, value: value as unknown as Record<string, unknown> };
}

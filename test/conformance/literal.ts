/** A value of the driver (with `useBigInt`) as text in which 1, 1.0, "1" and points in time differ. */
export function literalOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  const temporal = value as object;
  return `${temporal.constructor.name}(${String(value)})`;
}

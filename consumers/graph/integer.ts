import neo4j, { type Integer } from 'neo4j-driver';

/** A whole number of 64 bits as the driver packs it. Of a bigint it makes a text first, and reads that. */
export function integer(value: bigint | number): Integer {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return neo4j.int(number);
  const bits = BigInt(value);
  return neo4j.int({ low: Number(BigInt.asIntN(32, bits)), high: Number(BigInt.asIntN(32, bits >> 32n)) });
}

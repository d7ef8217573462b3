import { messageOf } from '../../platform/errors.ts';
import type { AvroRecord } from '../../schemas/avro-schema.ts';
import { avroType } from '../../schemas/avro-type.ts';
import type { Baseline } from './baseline.ts';

/**
 * Why the current schemas must not follow the released ones, one line each; empty if they may. Every released version
 * counts, because the log and the registry keep them all (BACKWARD_TRANSITIVE).
 */
export function findIncompatibilities(released: Baseline, current: ReadonlyMap<string, AvroRecord>): string[] {
  return [...released].flatMap(([name, versions]) => {
    const schema = current.get(name);
    if (schema === undefined) return [`${name} is gone: loaders would keep its nodes for ever`];
    return [...new Set(versions.flatMap((version) => incompatibilities(name, version, schema)))];
  });
}

function incompatibilities(name: string, released: AvroRecord, current: AvroRecord): string[] {
  const changed = (['label', 'id', 'sync'] as const)
    .filter((attribute) => released.graph?.[attribute] !== current.graph?.[attribute])
    .map((attribute) => {
      const [before, now] = [released.graph?.[attribute], current.graph?.[attribute]].map((one) => JSON.stringify(one));
      return `${name}: graph.${attribute} was ${before}, is ${now}: make a new record type instead`;
    });
  return [...changed, ...unreadable(name, released, current)];
}

function unreadable(name: string, released: AvroRecord, current: AvroRecord): string[] {
  try {
    avroType(current).createResolver(avroType(released));
    return [];
  } catch (error) {
    return [`${name} cannot read what was released: ${messageOf(error)}`];
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { EdgeJob, OtherEnd } from './job.ts';

/** A relationship that a job made, as its node `n` holds it. */
export interface HeldEnd {
  id: string;
  /** Whether it is as new as the newer of its ends. */
  isNew: boolean;
  /** All properties of the relationship. */
  props: Readonly<Record<string, unknown>>;
}

export interface EdgeChanges {
  made: { id: string; other: string; props: Readonly<Record<string, unknown>> }[];
  gone: { id: string; other: string }[];
}

/** What lies between the relationships that there should be and those that are there, by id of `n`; in the order of the ends, which is the order in which they are locked. */
export function edgeChanges(
  { direction }: Pick<EdgeJob, 'direction'>,
  wanted: ReadonlyMap<string, readonly OtherEnd[]>,
  held: ReadonlyMap<string, readonly HeldEnd[]>,
): EdgeChanges {
  const made = new Map<string, EdgeChanges['made'][number]>();
  const gone = new Map<string, EdgeChanges['gone'][number]>();
  // One that points both ways is found from both ends.
  const keyOf = (id: string, other: string): string =>
    JSON.stringify(direction === 'both' && other < id ? [other, id] : [id, other]);
  for (const id of new Set([...wanted.keys(), ...held.keys()])) {
    const there = new Map((held.get(id) ?? []).map((end) => [end.id, end]));
    const ends = wanted.get(id) ?? [];
    for (const { id: other, props = {} } of ends) {
      const end = there.get(other);
      const isSame =
        end?.isNew === true &&
        Object.entries(props).every(([name, value]) => isDeepStrictEqual(end.props[name] ?? null, value ?? null));
      if (!isSame) made.set(keyOf(id, other), { id, other, props });
    }
    const stay = new Set(ends.map((end) => end.id));
    for (const other of there.keys()) if (!stay.has(other)) gone.set(keyOf(id, other), { id, other });
  }
  return { made: inOrder(made), gone: inOrder(gone) };
}

function inOrder<T>(changes: ReadonlyMap<string, T>): T[] {
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

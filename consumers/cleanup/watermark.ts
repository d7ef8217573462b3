import type { Watermark } from '../graph/graph.ts';

/**
 * The watermark after one more complete marker, in whatever order markers come. A record is alive iff every complete
 * marker with a larger tag has withheld it; a withheld node's floor is the largest tag of a marker that did not.
 */
export function mergeWatermark(
  current: Watermark | undefined,
  marker: { tag: bigint; withheld: readonly string[] },
): Watermark {
  const ids = new Set(marker.withheld);
  if (current === undefined) return { tag: marker.tag, withheld: new Map([...ids].map((id) => [id, 0n])) };
  if (marker.tag > current.tag) {
    return { tag: marker.tag, withheld: new Map([...ids].map((id) => [id, current.withheld.get(id) ?? current.tag])) };
  }
  const withheld = new Map<string, bigint>();
  for (const [id, floor] of current.withheld) withheld.set(id, ids.has(id) || floor >= marker.tag ? floor : marker.tag);
  return { tag: current.tag, withheld };
}

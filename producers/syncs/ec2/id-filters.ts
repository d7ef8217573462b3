import type { Filter } from '@aws-sdk/client-ec2';

/** The most values that one filter takes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const MOST_VALUES = 200;

/**
 * Filters that together ask for all these ids (or other values), for one request each. To a filter, unlike to a list of
 * ids, one that is gone or not shared is no error.
 * @param name e.g. `snapshot-id`
 */
export function* idFilters(name: string, ids: readonly string[]): Iterable<Filter & { Values: string[] }> {
  for (let start = 0; start < ids.length; start += MOST_VALUES) {
    yield { Name: name, Values: ids.slice(start, start + MOST_VALUES) };
  }
}

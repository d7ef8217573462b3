import type { AwsStandInOptions } from '../../stack/aws/stand-in.ts';
import type { ConformanceOptions } from './options.ts';

export const regions = ['us-east-1', 'eu-west-1'];

/** The estate that both read: every kind of asset of the first wave. Nothing in it depends on when it is made. */
export function estateOf({ accounts, instances, seed, scale }: ConformanceOptions): AwsStandInOptions {
  return {
    accounts,
    instances,
    seed,
    scale,
    regions,
    ous: 3,
    only: ['iam', 's3', 'network', 'kms', 'instances', 'tgw', 'elb'],
    clock: '2026-01-01T08:00:00+00:00',
  };
}

import type { AwsStandInOptions } from '../../stack/aws/stand-in.ts';
import type { ConformanceOptions } from './options.ts';

export const regions = ['us-east-1', 'eu-west-1'];

// Steps of stack/aws/estate.py.
const core = ['iam', 's3', 'network', 'kms', 'instances', 'tgw', 'elb'];
const varied = ['identities', 'keys', 'buckets', 'networks', 'machines', 'balancers', 'transit'];
const random = ['identities', 'networks', 'buckets', 'routes', 'keys', 'machines', 'balancers', 'transit'].map(
  (step) => `random_${step}`,
);

/** The estate that both read: every kind of asset of the first wave. Nothing in it depends on when it is made. */
export function estateOf({ accounts, instances, seed, scale }: ConformanceOptions): AwsStandInOptions {
  return {
    accounts,
    instances,
    seed,
    scale,
    regions,
    ous: 3,
    only: [...core, ...varied, ...random],
    clock: '2026-01-01T08:00:00+00:00',
  };
}

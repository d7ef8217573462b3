import type { Logger } from 'pino';

/** One record of a collector, without its envelope (accountId, region, updateTag), which the engine adds. */
export interface CollectedRecord {
  /** Full name of the record type, e.g. `cartography.aws.ec2.Instance`. */
  type: string;
  value: Record<string, unknown>;
}

/** An AWS SDK client class, e.g. `EC2Client`. */
export type ClientConstructor<C> = new (configuration: never) => C;

/** A read that several syncs need; made once per account and region and shared. */
export interface SharedRead<T> {
  /** e.g. `iam:instance-profiles`. */
  id: string;
  /** `global`: once per account. */
  scope: SyncScope;
  actions: readonly string[];
  read(context: SyncContext): Promise<T>;
}

export type SyncScope = 'regional' | 'global';

/** What a collector may use: one account, one region. */
export interface SyncContext {
  accountId: string;
  /** The name of the account's profile; `default` without one. */
  accountName?: string;
  /** The region read; for global syncs the account's home region, to which global endpoints are resolved. */
  region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`: the second part of an ARN. */
  partition: string;
  updateTag: number;
  /** The account's client of this class for `region` (default: the scope's), made once, with credentials, retries, time-outs and rate limits applied. */
  client<C>(constructor: ClientConstructor<C>, region?: string): C;
  /** A shared read; concurrent callers get the same promise. One that a sync which has begun `finds` costs no call of its own. */
  shared<T>(read: SharedRead<T>): Promise<T>;
  /** Gives what a shared read would have read, as the sync's `finds` says. Without it who needs it reads by itself. */
  found<T>(read: SharedRead<T>, value: T): void;
  /**
   * Says that records of this type could not be read, so that the scope can be complete and yet nothing is deleted that
   * may still be there. With `nodeId`: the one record of that node (a bucket's policy was denied; the bucket is known).
   * Without: nothing of this type in this scope (a user's access keys were denied; their ids are not known).
   */
  withhold(recordType: string, reason: string, nodeId?: string): void;
  signal: AbortSignal;
  logger: Logger;
}

/** One unit of collection with a public identifier. Adding one: a schema file, this value, and its line in producers/syncs.ts. */
export interface Sync {
  /** The reference's identifier, e.g. `ec2:instance`. */
  id: string;
  scope: SyncScope;
  /** Every record type that it can emit: the cleanup covers these, whether or not there were any. */
  records: readonly string[];
  /** IAM actions that it needs, e.g. `ec2:DescribeInstances`: the least-privilege policy is made of these. */
  actions: readonly string[];
  /** Shared reads that it uses, for their actions. Default none. */
  reads?: readonly SharedRead<unknown>[];
  /** Shared reads whose result it comes by on its way, and gives with `found` once it is whole. Default none. */
  finds?: readonly SharedRead<unknown>[];
  /**
   * Pages through the SDK and yields records, one or (of large pages: it is quicker) several at once; a page is emitted and
   * forgotten. An error thrown here becomes the scope's outcome.
   */
  collect(context: SyncContext): AsyncIterable<CollectedRecord | CollectedRecord[]>;
}

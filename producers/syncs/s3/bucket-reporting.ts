import type {
  GetBucketLoggingCommandOutput,
  GetBucketNotificationConfigurationCommandOutput,
} from '@aws-sdk/client-s3';
import { GetBucketLoggingCommand, GetBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import type { BucketDetail } from './bucket-detail.ts';

export const loggingDetail: BucketDetail<GetBucketLoggingCommandOutput> = {
  operation: 'GetBucketLogging',
  type: 'cartography.aws.s3.BucketLogging',
  read: (client, Bucket, abortSignal) => client.send(new GetBucketLoggingCommand({ Bucket }), { abortSignal }),
  *records(Name, answer) {
    const log = answer?.LoggingEnabled;
    const value = { Name, LoggingEnabled: log !== undefined, TargetBucket: log?.TargetBucket ?? null };
    yield { type: this.type, value };
  },
};

export const notificationDetail: BucketDetail<GetBucketNotificationConfigurationCommandOutput> = {
  operation: 'GetBucketNotificationConfiguration',
  type: 'cartography.aws.s3.BucketNotification',
  read: (client, Bucket, abortSignal) =>
    client.send(new GetBucketNotificationConfigurationCommand({ Bucket }), { abortSignal }),
  *records(Name, answer) {
    // One topic may stand there several times, for different events.
    const topicArns = new Set((answer?.TopicConfigurations ?? []).flatMap(({ TopicArn }) => TopicArn ?? []));
    yield { type: this.type, value: { Name, TopicArns: [...topicArns], SubResourceLabel: 'AWSS3Bucket' } };
  },
};

import type {
  GetBucketEncryptionCommandOutput,
  GetBucketOwnershipControlsCommandOutput,
  GetBucketVersioningCommandOutput,
  GetPublicAccessBlockCommandOutput,
} from '@aws-sdk/client-s3';
import {
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { BucketDetail } from './bucket-detail.ts';

export const encryptionDetail: BucketDetail<GetBucketEncryptionCommandOutput> = {
  operation: 'GetBucketEncryption',
  type: 'cartography.aws.s3.BucketEncryption',
  absent: 'ServerSideEncryptionConfigurationNotFoundError',
  read: (client, Bucket, abortSignal) => client.send(new GetBucketEncryptionCommand({ Bucket }), { abortSignal }),
  *records(Name, answer) {
    // A list, but S3 takes one rule only.
    const rule = answer?.ServerSideEncryptionConfiguration?.Rules?.at(-1);
    const byDefault = rule?.ApplyServerSideEncryptionByDefault;
    const isOn = Boolean(byDefault?.SSEAlgorithm);
    yield {
      type: this.type,
      value: {
        Name,
        DefaultEncryption: isOn,
        SSEAlgorithm: (isOn && byDefault?.SSEAlgorithm) || null,
        KMSMasterKeyID: (isOn && byDefault?.KMSMasterKeyID) || null,
        BucketKeyEnabled: isOn ? (rule?.BucketKeyEnabled ?? null) : null,
      },
    };
  },
};

export const versioningDetail: BucketDetail<GetBucketVersioningCommandOutput> = {
  operation: 'GetBucketVersioning',
  type: 'cartography.aws.s3.BucketVersioning',
  read: (client, Bucket, abortSignal) => client.send(new GetBucketVersioningCommand({ Bucket }), { abortSignal }),
  *records(Name, answer) {
    yield { type: this.type, value: { Name, Status: answer?.Status ?? null, MFADelete: answer?.MFADelete ?? null } };
  },
};

export const publicAccessBlockDetail: BucketDetail<GetPublicAccessBlockCommandOutput> = {
  operation: 'GetPublicAccessBlock',
  type: 'cartography.aws.s3.BucketPublicAccessBlock',
  absent: 'NoSuchPublicAccessBlockConfiguration',
  read: (client, Bucket, abortSignal) => client.send(new GetPublicAccessBlockCommand({ Bucket }), { abortSignal }),
  *records(Name, answer) {
    const block = answer?.PublicAccessBlockConfiguration;
    yield {
      type: this.type,
      value: {
        Name,
        BlockPublicAcls: block?.BlockPublicAcls ?? null,
        IgnorePublicAcls: block?.IgnorePublicAcls ?? null,
        BlockPublicPolicy: block?.BlockPublicPolicy ?? null,
        RestrictPublicBuckets: block?.RestrictPublicBuckets ?? null,
      },
    };
  },
};

export const ownershipDetail: BucketDetail<GetBucketOwnershipControlsCommandOutput> = {
  operation: 'GetBucketOwnershipControls',
  type: 'cartography.aws.s3.BucketOwnership',
  absent: 'OwnershipControlsNotFoundError',
  read: (client, Bucket, abortSignal) =>
    client.send(new GetBucketOwnershipControlsCommand({ Bucket }), { abortSignal }),
  *records(Name, answer) {
    const rule = answer?.OwnershipControls?.Rules?.[0];
    yield { type: this.type, value: { Name, ObjectOwnership: rule?.ObjectOwnership ?? null } };
  },
};

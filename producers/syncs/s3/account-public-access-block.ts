import type { CollectedRecord, Sync, SyncContext } from '../../sync.ts';

const TYPE = 'cartography.aws.s3.AccountPublicAccessBlock';

/** What the account as a whole forbids its buckets. It is one setting; as in the reference it is a node in every region. */
export const s3AccountPublicAccessBlock: Sync = {
  id: 's3accountpublicaccessblock',
  scope: 'regional',
  records: [TYPE],
  actions: ['s3:GetAccountPublicAccessBlock'],
  async *collect(context) {
    const record = await readBlock(context);
    if (record !== undefined) yield record;
  },
};

/** Undefined if the account has no such configuration. */
async function readBlock(context: SyncContext): Promise<CollectedRecord | undefined> {
  const { GetPublicAccessBlockCommand, S3ControlClient } = await import('@aws-sdk/client-s3-control');
  const { accountId: AccountId, region } = context;
  const command = new GetPublicAccessBlockCommand({ AccountId });
  try {
    const answer = await context.client(S3ControlClient).send(command, { abortSignal: context.signal });
    const block = answer.PublicAccessBlockConfiguration;
    return {
      type: TYPE,
      value: {
        Id: `${AccountId}:${region}`,
        AccountId,
        BlockPublicAcls: block?.BlockPublicAcls ?? null,
        IgnorePublicAcls: block?.IgnorePublicAcls ?? null,
        BlockPublicPolicy: block?.BlockPublicPolicy ?? null,
        RestrictPublicBuckets: block?.RestrictPublicBuckets ?? null,
      },
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchPublicAccessBlockConfiguration') return undefined;
    throw error;
  }
}

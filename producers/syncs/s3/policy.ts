import type { GetBucketPolicyCommandOutput } from '@aws-sdk/client-s3';
import { GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import type { CollectedRecord } from '../../sync.ts';
import { anonymousAccess } from '../internet-access.ts';
import type { PolicyDocument } from '../policy-document.ts';
import { readPolicyDocument, textOrNull, textsOf } from '../policy-document.ts';
import { jsonText } from '../python-text.ts';
import type { BucketDetail } from './bucket-detail.ts';

const STATEMENT = 'cartography.aws.s3.PolicyStatement';

export const policyDetail: BucketDetail<GetBucketPolicyCommandOutput> = {
  operation: 'GetBucketPolicy',
  type: 'cartography.aws.s3.BucketPolicy',
  others: [STATEMENT],
  absent: 'NoSuchBucketPolicy',
  read: (client, Bucket, abortSignal) => client.send(new GetBucketPolicyCommand({ Bucket }), { abortSignal }),
  *records(Name, answer, context) {
    const document = readPolicyDocument(answer?.Policy ?? '{}');
    if (document === undefined) {
      const reason = `the policy of bucket ${Name} is no policy`;
      context.withhold(this.type, reason, Name);
      context.withhold(STATEMENT, reason);
      return;
    }
    yield { type: this.type, value: { Name, ...anonymousAccess(document) } };
    yield* statementRecords(Name, document);
  },
};

function statementRecords(Bucket: string, { Id, Version, Statement }: PolicyDocument): CollectedRecord[] {
  return Statement.map((statement, index) => {
    const Sid = textOrNull(statement.Sid);
    return {
      type: STATEMENT,
      value: {
        Id: `${Bucket}/policy_statement/${index + 1}${Sid === null ? '' : `/${Sid}`}`,
        Bucket,
        PolicyId: Id,
        PolicyVersion: Version,
        Sid,
        Effect: textOrNull(statement.Effect),
        Action: textOrTexts(statement.Action),
        Resource: textOrTexts(statement.Resource),
        Principal: statement.Principal === undefined ? null : jsonText(statement.Principal),
        Condition: statement.Condition === undefined ? null : jsonText(statement.Condition),
      },
    };
  });
}

/** As the policy has it, and as the reference stores it. */
function textOrTexts(value: unknown): string | string[] | null {
  return Array.isArray(value) ? textsOf(value) : textOrNull(value);
}

import { type Estate, EstateError } from './estate.ts';

const enabledRegions = ['eu-west-1', 'us-east-1'];

/** The part of STS, EC2 and IAM that a run of `ec2:vpc` and `doctor` need: the result of a call as XML. */
export function answerQuery(
  estate: Estate,
  { accountId, role }: { accountId: string; role: string | undefined },
  { action, region }: { action: string; region: string },
  form: URLSearchParams,
): string {
  switch (action) {
    case 'sts:GetCallerIdentity': {
      const arn =
        role === undefined
          ? `arn:aws:iam::${accountId}:user/hub`
          : `arn:aws:sts::${accountId}:assumed-role/${role}/session`;
      return `<Account>${accountId}</Account><Arn>${arn}</Arn><UserId>x</UserId>`;
    }
    case 'sts:AssumeRole': {
      const [, roleAccountId, name] =
        /^arn:aws:iam::(\d{12}):role\/(cartography-read-only)$/.exec(form.get('RoleArn') ?? '') ?? [];
      if (roleAccountId === undefined || name === undefined || role !== undefined)
        throw new EstateError('AccessDenied', 403);
      return `<Credentials><AccessKeyId>${assumedKey(roleAccountId, name)}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
    }
    case 'ec2:DescribeRegions': {
      const names = [...enabledRegions, ...(form.get('AllRegions') === 'true' ? ['ap-east-1'] : [])];
      return `<regionInfo>${names.map((name) => `<item><regionName>${name}</regionName></item>`).join('')}</regionInfo>`;
    }
    case 'ec2:DescribeVpcs':
      return `<vpcSet><item><vpcId>vpc-${accountId}-${region}</vpcId><cidrBlock>10.0.0.0/16</cidrBlock></item></vpcSet>`;
    case 'iam:SimulatePrincipalPolicy': {
      const names = [...form].filter(([name]) => name.startsWith('ActionNames.')).map(([, value]) => value);
      const results = names.map((name) => {
        const decision = estate.denied[accountId]?.includes(name) === true ? 'implicitDeny' : 'allowed';
        return `<member><EvalActionName>${name}</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>${decision}</EvalDecision></member>`;
      });
      return `<EvaluationResults>${results.join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`;
    }
    default:
      throw new EstateError('UnauthorizedOperation', 403);
  }
}

/** The access key id of an account's own user. */
export function userKey(accountId: string): string {
  return `USER.${accountId}`;
}

function assumedKey(accountId: string, role: string): string {
  return `ROLE.${accountId}.${role}`;
}

/** Whose key it is. */
export function callerOf(accessKeyId: string): { accountId: string; role: string | undefined } {
  const [kind, accountId = '', role] = accessKeyId.split('.');
  if (kind === 'USER' || kind === 'ROLE') return { accountId, role };
  throw new EstateError('InvalidClientTokenId', 403);
}

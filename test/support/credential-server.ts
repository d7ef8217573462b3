import { type LoopbackServer, readBody, serveOnLoopback } from './serve-on-loopback.ts';

/**
 * STS, SSO, IMDSv2 and a container's credentials endpoint on one loopback port. The access key ids that it gives say what
 * they were asked with, e.g. `arn:aws:iam::1:role/r|KEY|id=x` for a role that KEY assumed with an external id.
 */
export async function startCredentialServer(): Promise<
  LoopbackServer & {
    /** Method and path of each request. */
    requests: string[];
  }
> {
  const requests: string[] = [];
  const server = await serveOnLoopback((request, response) => {
    const { method = '', url = '', headers } = request;
    void readBody(request).then((body) => {
      requests.push(`${method} ${url}`);
      const { status, text } = answer(method, url, headers, new URLSearchParams(body));
      response.writeHead(status).end(text);
    });
  });
  return { ...server, requests };
}

const expiration = '2099-01-01T00:00:00Z';

function answer(
  method: string,
  url: string,
  headers: Record<string, string | string[] | undefined>,
  form: URLSearchParams,
): { status: number; text: string } {
  const roles = '/latest/meta-data/iam/security-credentials/';
  if (method === 'PUT' && url === '/latest/api/token') return { status: 200, text: 'imds-token' };
  if (url.startsWith('/latest/') && headers['x-aws-ec2-metadata-token'] !== 'imds-token') return notFound(401);
  if (url === roles) return { status: 200, text: 'instance-role' };
  if (url === `${roles}instance-role`) return json({ Code: 'Success', ...keys('INSTANCE') });
  if (url === '/container') return json(keys(`CONTAINER|${String(headers['authorization'] ?? '')}`));
  if (url.startsWith('/federation/credentials')) {
    const query = new URL(url, 'http://x').searchParams;
    const accessKeyId = `SSO|${query.get('account_id')}|${query.get('role_name')}`;
    return json({
      roleCredentials: { accessKeyId, secretAccessKey: 's', sessionToken: 't', expiration: Date.parse(expiration) },
    });
  }
  return sts(String(headers['authorization'] ?? ''), form);
}

function sts(authorization: string, form: URLSearchParams): { status: number; text: string } {
  const action = form.get('Action');
  const signer = /Credential=(.*?)\/\d{8}\//.exec(authorization)?.[1] ?? 'unsigned';
  if (action === 'GetCallerIdentity') {
    return xml(action, '<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/x</Arn><UserId>x</UserId>');
  }
  const role = form.get('RoleArn') ?? '';
  if (role.includes('denied')) {
    return {
      status: 403,
      text: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    };
  }
  const name = form.get('RoleSessionName') ?? '';
  const parts = [
    role,
    signer,
    form.has('WebIdentityToken') && `token=${form.get('WebIdentityToken')}`,
    form.has('ExternalId') && `id=${form.get('ExternalId')}`,
    form.has('SerialNumber') && `mfa=${form.get('SerialNumber')}/${form.get('TokenCode')}`,
    form.has('DurationSeconds') && `seconds=${form.get('DurationSeconds')}`,
    !/^(botocore-session|cartography-stream)-\d+$/.test(name) && `name=${name}`,
  ].filter(Boolean);
  const credentials = `<AccessKeyId>${parts.join('|')}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration>`;
  return xml(
    action ?? '',
    `<Credentials>${credentials}</Credentials><AssumedRoleUser><Arn>arn:aws:sts::1:x</Arn><AssumedRoleId>x</AssumedRoleId></AssumedRoleUser>`,
  );
}

function keys(AccessKeyId: string): object {
  return { AccessKeyId, SecretAccessKey: 's', Token: 't', Expiration: expiration };
}
function json(value: object): { status: number; text: string } {
  return { status: 200, text: JSON.stringify(value) };
}
function notFound(status: number): { status: number; text: string } {
  return { status, text: '' };
}
function xml(action: string, result: string): { status: number; text: string } {
  const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
  return {
    status: 200,
    text: `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result></${action}Response>`,
  };
}

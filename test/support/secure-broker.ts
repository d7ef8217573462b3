import { startStack } from '../../stack/stack.ts';
import { type Certificate, issue, makeAuthority, writePair } from './certificates.ts';
import { secureKafka, type SecureKafkaOptions, type SecurePorts } from './secure-kafka.ts';
import { tempFolder } from './temp-folder.ts';
import { startTokenIssuer, type TokenIssuer } from './token-issuer.ts';

/** A broker alone, with TLS, logins and StandardAuthorizer, and who gives out its tokens. */
export interface SecureBroker extends AsyncDisposable {
  ports: SecurePorts;
  issuer: TokenIssuer;
  authority: Certificate;
  /** The authority's certificate. */
  caFile: string;
  /** For more certificates. */
  folder: string;
}

export async function startSecureBroker(
  options: Pick<SecureKafkaOptions, 'users' | 'superUsers'>,
): Promise<SecureBroker> {
  const folder = await tempFolder();
  const issuer = await startTokenIssuer('client-secret-1');
  const authority = await makeAuthority('authority');
  const [caFile] = await writePair(folder.path, 'ca', authority);
  const { ports, security, javaOptions } = await secureKafka({
    folder: folder.path,
    authority,
    server: await issue(authority, 'broker', ['localhost']),
    jwksUrl: issuer.jwksUrl,
    ...options,
  });
  const stack = await startStack({ services: ['kafka'], kafkaSecurity: security, javaOptions });
  return {
    ports,
    issuer,
    authority,
    caFile,
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await stack.stop();
      await issuer[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

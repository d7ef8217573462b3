import type { Command } from 'commander';

import type { Secret } from '../../platform/secrets/secret.ts';
import type { RegistryConfig } from '../../schemas/registry-request.ts';
import { addSecretOptions, findSecret, type SecretOptions } from './secret-settings.ts';
import { type Given, readFiles, readUrl, refuse } from './values.ts';

/** By the names that Confluent's clients give these settings. */
export interface RegistryOptions extends SecretOptions<'schemaRegistryBasicAuthUserInfo'> {
  schemaRegistryUrl?: string;
  schemaRegistrySslCaLocation?: string;
  schemaRegistrySslCertificateLocation?: string;
  schemaRegistrySslKeyLocation?: string;
}

export const registryVariable = 'CARTOGRAPHY_SCHEMA_REGISTRY_URL';
const userInfo = {
  name: '--schema-registry-basic-auth-user-info',
  prefix: 'schemaRegistryBasicAuthUserInfo',
  what: "registry's user:password",
} as const;

export function addRegistryOptions(command: Command): Command {
  command
    .optionsGroup('Schema registry:')
    .option('--schema-registry-url <url>', `Confluent-compatible registry [env: ${registryVariable}]`);
  return addSecretOptions(command, userInfo)
    .option('--schema-registry-ssl-ca-location <file>', "PEM: the authorities to trust [default: Node's]")
    .option('--schema-registry-ssl-certificate-location <file>', 'PEM: a certificate of the client')
    .option('--schema-registry-ssl-key-location <file>', 'PEM: its key');
}

/** @throws UsageError, also for a password in an option's value */
export function readRegistry(
  url: Given,
  options: RegistryOptions,
  environment: NodeJS.ProcessEnv,
): { config: RegistryConfig; secrets: Secret[] } {
  const address = readUrl(url, ['http', 'https'], 'https://registry.example.com');
  if (url.variable === undefined && new URL(address).password !== '') {
    throw refuse(url, `everybody on this machine can read an option: give user:password by ${userInfo.name}-file.`);
  }
  const login = findSecret(userInfo, options, environment);
  const tls = readFiles(environment, {
    ca: ['--schema-registry-ssl-ca-location', options.schemaRegistrySslCaLocation],
    certificate: ['--schema-registry-ssl-certificate-location', options.schemaRegistrySslCertificateLocation],
    key: ['--schema-registry-ssl-key-location', options.schemaRegistrySslKeyLocation],
  });
  return {
    config: {
      url: address,
      ...(login === undefined ? {} : { userInfo: login }),
      ...(Object.keys(tls).length === 0 ? {} : { tls }),
    },
    secrets: login === undefined ? [] : [login],
  };
}

import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { messageOf, UsageError } from '../errors.ts';
import type { Secret } from '../secrets/secret.ts';

export interface PemFile {
  path: string;
  /** Where the path comes from, e.g. `--kafka-ssl-ca-location`. */
  setting: string;
}

/** What a client needs for TLS beyond the defaults. The files are read for each connection: see `readTlsFiles`. */
export interface TlsFiles {
  /** Certificates of the authorities to trust. Default: those that Node brings along. */
  ca?: PemFile;
  /** The client's own certificate, with those between it and its authority. */
  certificate?: PemFile;
  key?: PemFile;
  /** Of an encrypted key. */
  keyPassword?: Secret;
  /** Whether the server's certificate must be for its host name. Default true. */
  checksServerName?: boolean;
}

export type TlsMaterial = Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase'>;

/** The files as they are now. @throws UsageError that names the setting and the file */
export async function readTlsFiles({ ca, certificate, key, keyPassword }: TlsFiles): Promise<TlsMaterial> {
  const material: TlsMaterial = {
    ...(ca === undefined ? {} : { ca: await readPem(ca) }),
    ...(certificate === undefined ? {} : { cert: await readPem(certificate) }),
    ...(key === undefined ? {} : { key: await readPem(key) }),
    ...(keyPassword === undefined ? {} : { passphrase: await keyPassword.read() }),
  };
  try {
    createSecureContext(material);
  } catch (error) {
    const files = [certificate, key, ca].filter((file) => file !== undefined);
    const named = files.map(({ setting, path }) => `${setting} ${JSON.stringify(path)}`).join(', ');
    throw new UsageError(
      `${named}: TLS cannot use these: ${messageOf(error)}. Check that the key belongs to the certificate, and its password.`,
      { setting: files[0]?.setting ?? '', cause: error },
    );
  }
  return material;
}

async function readPem({ path, setting }: PemFile): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${setting} ${JSON.stringify(path)} cannot be read: ${messageOf(error)}.`, {
      setting,
      cause: error,
    });
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new UsageError(`${setting} ${JSON.stringify(path)} is not in PEM format, which begins with -----BEGIN.`, {
    setting,
  });
}

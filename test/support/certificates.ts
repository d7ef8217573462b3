import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  certificate: string;
  /** PKCS 8, in PEM format. */
  key: string;
}

/** An authority of the test's own. */
export async function makeAuthority(name: string): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { certificate: cert, key };
}

/** A certificate by that authority; `hosts` are the names that a server goes by. */
export async function issue(authority: Certificate, name: string, hosts: readonly string[] = []): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      ...(hosts.length === 0
        ? []
        : [{ name: 'subjectAltName' as const, altNames: hosts.map((value) => ({ type: 2 as const, value })) }]),
    ],
  });
  return { certificate: cert, key };
}

/** Writes both into the folder, as `<name>.pem` and `<name>.key`. */
export async function writePair(
  folder: string,
  name: string,
  { certificate, key }: Certificate,
): Promise<[string, string]> {
  const files: [string, string] = [path.join(folder, `${name}.pem`), path.join(folder, `${name}.key`)];
  await writeFile(files[0], certificate);
  await writeFile(files[1], key);
  return files;
}

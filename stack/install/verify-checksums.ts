import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InfrastructureError } from '../../platform/errors.ts';

/** The lines of a `sha256sum` list: file name to checksum. */
export function parseChecksums(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
      if (match?.[1] === undefined || match[2] === undefined)
        throw new InfrastructureError('CS_STACK', `Not a line of a sha256 list: ${line}`);
      return [match[2], match[1]];
    }),
  );
}

/** Throws CS_STACK, naming the artifact, unless the folder holds exactly the listed files with the listed contents. */
export async function verifyChecksums(folder: string, expected: ReadonlyMap<string, string>): Promise<void> {
  const found = new Set(await readdir(folder));
  for (const name of expected.keys()) {
    if (!found.has(name)) throw mismatch(`${name} is missing`);
  }
  for (const name of found) {
    const wanted = expected.get(name);
    if (wanted === undefined) throw mismatch(`${name} is not among the pinned artifacts`);
    const actual = await sha256(path.join(folder, name));
    if (actual !== wanted) throw mismatch(`${name} has sha256 ${actual}, the pinned one is ${wanted}`);
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function mismatch(what: string): InfrastructureError {
  const remedy =
    'Delete it from the local Maven repository (~/.m2/repository) and try again; do not use it if it stays so.';
  return new InfrastructureError('CS_STACK', `Artifact check failed: ${what}. ${remedy}`);
}

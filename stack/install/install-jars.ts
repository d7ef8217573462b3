import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { findMaven } from './find-tools.ts';
import { installOnce } from './install-once.ts';
import { runTool } from './run-tool.ts';
import { parseChecksums, verifyChecksums } from './verify-checksums.ts';

export interface JarInstallation {
  name: string;
  /** Holds `pom.xml`, which copies the artifacts into `install.folder`, and `sha256sums.txt`, which lists them. */
  definitionFolder: string;
  /** Work on the checked files, e.g. unpacking an archive. */
  finish?: (folder: string) => Promise<void>;
  log?: ((line: string) => void) | undefined;
}

/** Copies a server's artifacts from Maven's repositories into the cache, checks each against its pinned checksum. */
export async function installJars({ name, definitionFolder, finish, log }: JarInstallation): Promise<string> {
  const pom = path.join(definitionFolder, 'pom.xml');
  const checksums = path.join(definitionFolder, 'sha256sums.txt');
  return installOnce({
    name,
    pins: [pom, checksums],
    log,
    install: async (folder) => {
      const maven = await findMaven();
      const result = await runTool(maven, ['-B', '-q', '-f', pom, `-Dinstall.folder=${folder}`, 'package']);
      if (result.exitCode !== 0) {
        const tail = result.output.trim().split('\n').slice(-20).join('\n');
        throw new InfrastructureError('CS_STACK', `Maven could not fetch ${name} (${pom}):\n${tail}`);
      }
      await verifyChecksums(folder, parseChecksums(await readFile(checksums, 'utf8')));
      await finish?.(folder);
    },
  });
}

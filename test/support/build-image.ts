import { cp, mkdir, readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '..', '..');

export interface Instruction {
  /** In capitals, e.g. `COPY`. */
  name: string;
  text: string;
}

/** The instructions of each stage, continued lines joined, comments left out. */
export async function readDockerfile(): Promise<Instruction[][]> {
  const text = await readFile(path.join(root, 'Dockerfile'), 'utf8');
  const stages: Instruction[][] = [];
  for (const line of text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')) {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) continue;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)!.push({ name, text: rest.trim() });
  }
  return stages;
}

/** The words behind the options of a COPY: what is copied, and to where. */
export function copiedBy({ text }: Instruction): { sources: string[]; target: string } {
  const words = text.split(/\s+/).filter((word) => !word.startsWith('--'));
  return { sources: words.slice(0, -1), target: words.at(-1)! };
}

/**
 * Does in a folder what the Dockerfile does in /app, without a container engine: the first stage in `dependencies`, the last
 * one, as far as it copies, in `image`, which is returned.
 */
export async function buildImage(folder: string): Promise<string> {
  const [first, last] = (await readDockerfile()) as [Instruction[], Instruction[]];
  const [dependencies, image] = [path.join(folder, 'dependencies'), path.join(folder, 'image')];
  await Promise.all([mkdir(dependencies), mkdir(image)]);
  for (const instruction of first) {
    if (instruction.name === 'COPY') await copy(instruction, root, dependencies);
    if (instruction.name === 'RUN')
      await promisify(execFile)('sh', ['-ec', instruction.text], { cwd: dependencies, maxBuffer: 16 * 1024 * 1024 });
  }
  for (const instruction of last.filter(({ name }) => name === 'COPY'))
    await copy(instruction, instruction.text.startsWith('--from=') ? dependencies : root, image);
  return image;
}

async function copy(instruction: Instruction, from: string, to: string): Promise<void> {
  const { sources, target } = copiedBy(instruction);
  for (const source of sources) {
    const name = source.replace(/^\/app\//, '');
    const place = target.endsWith('/') ? path.join(to, target, path.basename(name)) : path.join(to, target);
    await cp(path.join(from, name), place, { recursive: true });
  }
}

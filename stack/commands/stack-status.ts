import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../platform/errors.ts';
import { probeKafka } from '../kafka/probe-kafka.ts';
import { probeNeo4j } from '../neo4j/probe-neo4j.ts';
import { probeRegistry } from '../registry/registry-server.ts';
import { defaultDataDir, isInUse } from '../data-dir.ts';
import { readState } from './stack-state.ts';

export interface ServiceStatus {
  name: 'kafka' | 'registry' | 'neo4j';
  address: string;
  /** Why it does not answer; undefined when it does. */
  problem?: string;
}

export interface StackStatus {
  dataDir: string;
  /** `starting` covers stopping. */
  state: 'stopped' | 'starting' | 'running';
  pid?: number;
  services: ServiceStatus[];
}

/** Whether a stack runs on this folder, and whether each of its servers answers now. */
export async function getStackStatus(options: { dataDir?: string } = {}): Promise<StackStatus> {
  const dataDir = path.resolve(options.dataDir ?? defaultDataDir());
  const state = await readState(dataDir);
  if (state === undefined) {
    return { dataDir, state: (await isInUse(dataDir)) ? 'starting' : 'stopped', services: [] };
  }
  const services = await Promise.all([
    check('kafka', state.bootstrapServers, () => probeKafka(Number(state.bootstrapServers.split(':')[1]))),
    check('registry', state.registryUrl, () => probeRegistry(state.registryUrl)),
    check('neo4j', state.neo4jUri, async () => {
      await probeNeo4j(state.neo4jUri, await readFile(state.neo4jPasswordFile, 'utf8'));
    }),
  ]);
  return { dataDir, state: 'running', pid: state.pid, services };
}

async function check(name: ServiceStatus['name'], address: string, probe: () => Promise<void>): Promise<ServiceStatus> {
  try {
    await probe();
    return { name, address };
  } catch (error) {
    return { name, address, problem: messageOf(error) };
  }
}

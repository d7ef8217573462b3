import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { pino } from 'pino';

import { collect, type CollectOptions } from '../../../producers/run.ts';
import type { ModelGraph } from '../../model/law.ts';
import { createDecoder } from '../../../schemas/codec.ts';
import { fakeRun, topics, updateTag } from '../fake-run.ts';
import { lawOfLog } from '../law-of-log.ts';
import { tempFolder } from '../temp-folder.ts';
import { userKey } from './answer-query.ts';
import type { Estate } from './estate.ts';
import { type OrganizationsServer, startOrganizationsServer } from './server.ts';

/** Fast enough for tests that are not about rates. */
const unlimited = { Organizations: { ratePerSecond: 10_000, burst: 10_000 } };

type RunOptions = Omit<Partial<CollectOptions>, 'regions'> & { regions?: readonly string[] | 'enabled' };

/**
 * An estate's server, a log in memory, and an AWS configuration file with a profile for each account in which the hub
 * assumes `cartography-read-only`. The SDK finds both by variables of this process, so only one may be open at a time.
 */
export async function openEstate(estate: Estate, hub: string, profiles: readonly string[]) {
  const server: OrganizationsServer = await startOrganizationsServer(estate);
  const folder = await tempFolder();
  const fake = await fakeRun();
  const warnings: string[] = [];
  const environment = {
    AWS_CONFIG_FILE: path.join(folder.path, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder.path, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'us-east-1',
  };
  await writeFile(environment.AWS_CONFIG_FILE, profiles.map((id) => profileOf(id)).join('\n'));
  await writeFile(
    environment.AWS_SHARED_CREDENTIALS_FILE,
    `[default]\naws_access_key_id = ${userKey(hub)}\naws_secret_access_key = s\n`,
  );
  const saved = { ...process.env };
  Object.assign(process.env, environment);
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  let tag = updateTag;

  return {
    server,
    warnings,
    environment,
    markersOf: fake.markersOf,
    read: fake.read,
    topics,
    /** As collectors that share a run read it. */
    log: fake.log,
    decoder: createDecoder(fake.registry),
    registry: fake.registry,
    /** One run of `ec2:vpc`; each has a greater tag than the one before. */
    run: ({ regions = ['eu-west-1'], ...options }: RunOptions = {}) =>
      collect({
        producer: fake.run.producer,
        encoder: fake.run.encoder,
        catalogue: fake.run.catalogue,
        topics,
        logger: pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) }),
        updateTag: tag++,
        environment: { ...environment },
        syncAllProfiles: true,
        requestedSyncs: ['ec2:vpc'],
        ...(regions === 'enabled' ? {} : { regions }),
        rateLimits: unlimited,
        ...options,
      }),
    /** The graph that the log makes. */
    graph: (): Promise<ModelGraph> => lawOfLog(fake.log, fake.registry, topics),
    async [Symbol.asyncDispose]() {
      process.env = saved;
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function profileOf(id: string): string {
  const role = `arn:aws:iam::${id}:role/cartography-read-only`;
  return `[profile account-${id}]\nrole_arn = ${role}\nsource_profile = default\nregion = us-east-1\n`;
}

/** What a graph says, as lines: nodes with their properties and edges with their tags. */
export function linesOf({ nodes, edges }: ModelGraph): string[] {
  return [
    ...[...nodes].map(([key, { labels, props }]) => `${key} ${[...labels].sort().join(':')} ${JSON.stringify(props)}`),
    ...[...edges].map(([edge, tag]) => `${edge} ${tag}`),
  ].sort();
}

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { installPython } from '../install/install-python.ts';
import { findFreePort } from '../server/find-free-ports.ts';
import { ManagedServer } from '../server/managed-server.ts';
import { awsConfig } from './aws-config.ts';

export interface AwsStandInOptions {
  /** Member accounts; the management account is extra. Default 2. */
  accounts?: number;
  /** EC2 instances per account and region; four more come from two auto scaling groups (`summary.counts` has the total). Default 5. */
  instances?: number;
  /** Default us-east-1 and eu-west-1. */
  regions?: readonly string[];
  /** The same seed and options give the same ids. Default 42. */
  seed?: number;
  /** Organizational units, a binary tree below the root. Default 3. */
  ous?: number;
  /** Multiplies every other number per account and region. Default 1. */
  scale?: number;
  /** Also puts assets into the management account. Default false. */
  seedManagement?: boolean;
  /** Steps of stack/aws/estate.py, or `all`. Default iam, s3, network, kms and instances. */
  only?: readonly string[] | 'all';
  skip?: readonly string[];
  /** When everything was made, e.g. `2026-01-01T00:00:00Z`: the same options then give the same times too. Default now. */
  clock?: string;
  /** Default a free one. */
  port?: number;
  log?: (line: string) => void;
}

export interface EstateSummary {
  organizationId: string;
  managementAccountId: string;
  /** The member accounts. */
  accountIds: string[];
  regions: string[];
  /** How many the seeder made of each kind; AWS's own defaults (VPCs, subnets, ...) come on top. */
  counts: Record<string, number>;
  failures: Record<string, string>;
  secondsByStep: Record<string, number>;
  seconds: number;
}

/** A call that is to fail or to be slow. A field that is left out matches any. */
export interface Fault {
  account?: string;
  region?: string;
  /** The name in the request's signature: `ec2`, `iam`, `organizations`. */
  service?: string;
  /** The SDK's name of the operation: `DescribeInstances`. */
  action?: string;
  /** `deny`: access denied; `throttle`: too many requests; `error`: the service's internal error; `delay`: a late answer. */
  effect: 'deny' | 'throttle' | 'error' | 'delay';
  /** Of a delay. */
  seconds?: number;
  /** How often it applies. Default for ever. */
  times?: number;
  /** In place of the service's own error code, e.g. `OptInRequired`. */
  code?: string;
  /** In place of the service's own HTTP status. */
  status?: number;
}

/** How often an operation was called since the start or the last `forgetCalls`. */
export interface CallCount {
  account: string;
  region: string;
  service: string;
  action: string;
  count: number;
}

export interface AwsStandIn {
  endpoint: string;
  /** Profiles `default` and `mgmt` (management account) and `acct-0`, ... (a role in each member account). */
  awsConfigFile: string;
  /** Makes AWS SDKs and command line tools talk to the stand-in. */
  environment: Record<string, string>;
  summary: EstateSummary;
  /** Replaces all rules; the first that matches a call applies. */
  setFaults(faults: readonly Fault[]): Promise<void>;
  calls(): Promise<CallCount[]>;
  forgetCalls(): Promise<void>;
  server: ManagedServer;
  stop(): Promise<void>;
}

const START_LIMIT_SECONDS = 900;

/** Serves a made-up AWS organization on 127.0.0.1. It ends with this process. Throws InfrastructureError CS_STACK. */
export async function startAwsStandIn(options: AwsStandInOptions = {}): Promise<AwsStandIn> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartography-stream-aws-'));
  const serverFolder = path.join(folder, 'aws');
  await mkdir(serverFolder);
  const port = options.port ?? (await findFreePort());
  const endpoint = `http://127.0.0.1:${port}`;
  const summaryFile = path.join(serverFolder, 'summary.json');
  const server = new ManagedServer({
    name: 'aws',
    folder: serverFolder,
    port,
    throwaway: true,
    log: options.log,
    startLimitSeconds: START_LIMIT_SECONDS,
    prepare: async () => {
      const python = await installPython({
        name: 'moto-5.2.5',
        requirements: path.join(import.meta.dirname, 'requirements.txt'),
        log: options.log,
      });
      await rm(summaryFile, { force: true });
      const program = path.join(import.meta.dirname, 'stand_in.py');
      return {
        command: [python, program, JSON.stringify(seederOptions(options, port)), summaryFile],
        environment: { PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' },
      };
    },
    probe: async () => {
      await readFile(summaryFile);
      await ask(endpoint, 'GET', 'calls');
    },
  });
  await server.start();
  const summary = JSON.parse(await readFile(summaryFile, 'utf8')) as EstateSummary;
  const failures = Object.entries(summary.failures);
  if (failures.length > 0) {
    await server.kill();
    const list = failures.map(([step, reason]) => `  ${step}: ${reason}`).join('\n');
    throw new InfrastructureError('CS_STACK', `The AWS stand-in could not seed its estate:\n${list}`);
  }
  const awsConfigFile = path.join(serverFolder, 'config');
  await writeFile(awsConfigFile, awsConfig(summary.accountIds, summary.regions[0] ?? 'us-east-1'));
  return {
    endpoint,
    awsConfigFile,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_CONFIG_FILE: awsConfigFile,
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_DEFAULT_REGION: summary.regions[0] ?? 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    summary,
    setFaults: async (faults) => {
      await ask(endpoint, 'PUT', 'faults', JSON.stringify(faults));
    },
    calls: async () => (await ask(endpoint, 'GET', 'calls')).json() as Promise<CallCount[]>,
    forgetCalls: async () => {
      await ask(endpoint, 'DELETE', 'calls');
    },
    server,
    stop: async () => {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function seederOptions(options: AwsStandInOptions, port: number): Record<string, unknown> {
  return {
    port,
    accounts: options.accounts ?? 2,
    instances: options.instances ?? 5,
    regions: options.regions ?? ['us-east-1', 'eu-west-1'],
    seed: options.seed ?? 42,
    organizationalUnits: options.ous ?? 3,
    scale: options.scale ?? 1,
    seedManagement: options.seedManagement ?? false,
    only: options.only ?? null,
    skip: options.skip ?? [],
    clock: options.clock ?? null,
  };
}

async function ask(endpoint: string, method: string, page: string, body?: string): Promise<Response> {
  const response = await fetch(`${endpoint}/stand-in/${page}`, {
    method,
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status} from the AWS stand-in (${method} ${page})`);
  return response;
}

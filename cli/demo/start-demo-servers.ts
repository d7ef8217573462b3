import type { Neo4jConfig } from '../../consumers/graph/connect-neo4j.ts';
import { startAwsStandIn } from '../../stack/aws/stand-in.ts';
import { startDockerStack } from '../../stack/docker/docker-stack.ts';
import { startStack } from '../../stack/stack.ts';
import { serversAt } from '../local-stack.ts';
import type { LogSettings } from '../settings/log-settings.ts';

export interface DemoOptions {
  /** Member accounts; the management account comes on top. */
  accounts: number;
  /** Per account and region. */
  instances: number;
  seed: number;
  regions: readonly string[];
  usesDocker: boolean;
  /** Instead of the stand-in. */
  usesAws: boolean;
  log: (line: string) => void;
}

export interface DemoServers {
  servers: NonNullable<LogSettings['servers']>;
  neo4j: Neo4jConfig & { user: string; password: string };
  /** Of Neo4j's browser. */
  browserUrl: string | undefined;
  /** The stand-in; undefined with the real AWS. */
  aws: { managementAccountId: string; environment: Record<string, string> } | undefined;
  stop(): Promise<void>;
}

/** Starts all that a demo needs, side by side. What has started ends again when the rest fails. */
export async function startDemoServers(options: DemoOptions): Promise<DemoServers> {
  const { accounts, instances, seed, regions, log } = options;
  const [stack, aws] = await Promise.allSettled([
    options.usesDocker ? startDockerStack({ log }) : startStack({ neo4jHttp: true, log }),
    options.usesAws ? Promise.resolve(undefined) : startAwsStandIn({ accounts, instances, seed, regions, ous: 4, log }),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all([
      stack.status === 'fulfilled' ? stack.value.stop() : undefined,
      aws.status === 'fulfilled' ? aws.value?.stop() : undefined,
    ]);
  };
  if (stack.status === 'rejected' || aws.status === 'rejected') {
    await stop();
    throw stack.status === 'rejected' ? stack.reason : (aws as PromiseRejectedResult).reason;
  }
  const { kafka, registry, neo4j } = stack.value;
  const { uri, user, password, httpUrl } = neo4j[0];
  return {
    servers: serversAt(kafka.bootstrapServers, registry.url),
    neo4j: { uri, user, password },
    browserUrl: httpUrl,
    aws:
      aws.value === undefined
        ? undefined
        : { managementAccountId: aws.value.summary.managementAccountId, environment: aws.value.environment },
    stop,
  };
}

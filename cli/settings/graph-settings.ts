import type { Command } from 'commander';

import type { PermissionRelationship } from '../../consumers/analysis/permissions/permission-relationship.ts';
import { UsageError } from '../../platform/errors.ts';
import type { Secret } from '../../platform/secrets/secret.ts';
import type { Neo4jConfig } from '../../consumers/graph/connect-neo4j.ts';
import type { StageName } from '../../consumers/stages/stage.ts';
import { stageNames } from '../../consumers/load.ts';
import { addSecretOptions, findSecret, type SecretOptions } from './secret-settings.ts';
import { readPermissionFile } from './read-permission-file.ts';
import { given, readFiles, readInteger, readList, readName, readUrl, refuse } from './values.ts';

export interface GraphOptions extends SecretOptions<'neo4jPassword'> {
  neo4jUri?: string;
  neo4jUser?: string;
  neo4jTrustedCertificates?: string;
  neo4jMaxConnectionLifetime?: string;
  neo4jLivenessCheckTimeout?: string;
  neo4jDatabase?: string;
  graph?: string;
  gateTimeout?: string;
  permissionRelationshipsFile?: string;
}

/** Which graph is loaded, and how. */
export interface GraphSettings {
  neo4j: Neo4jConfig;
  /** Which address may stand for a running local stack's Neo4j, whose password is known: undefined where a user is given. */
  local: 'any' | 'same-address' | undefined;
  graphName: string;
  gateTimeoutMs: number;
  /** Unset: those that are looked for by default. */
  permissionRelationships?: readonly PermissionRelationship[];
  /** What the user should know about these settings. */
  notes: string[];
}

/** What the loaders need of them. */
export type LoaderSettings = Pick<GraphSettings, 'graphName' | 'gateTimeoutMs' | 'permissionRelationships'>;

const defaultUri = 'bolt://localhost:7687';
const passwordSetting = { name: '--neo4j-password', prefix: 'neo4jPassword', what: 'Neo4j password' } as const;
const schemes = ['bolt', 'bolt+s', 'bolt+ssc', 'neo4j', 'neo4j+s', 'neo4j+ssc'];

export function addGraphOptions(command: Command): Command {
  command
    .optionsGroup('Neo4j:')
    .option('--neo4j-uri <uri>', `[default: ${defaultUri}]`)
    .option('--neo4j-user <name>', 'log in as this user');
  return addSecretOptions(command, passwordSetting)
    .option(
      '--neo4j-trusted-certificates <file>',
      "PEM: the authorities to trust with bolt+s and neo4j+s [default: Node's]",
    )
    .option('--neo4j-max-connection-lifetime <seconds>', '[default: 3600]')
    .option('--neo4j-liveness-check-timeout <seconds>', "[default: the driver's]")
    .option('--neo4j-database <name>', "[default: the server's]")
    .option('--graph <name>', 'names this graph, so that several read one log side by side [default: cartography]')
    .option('--gate-timeout <seconds>', "how long records wait for their account's marker [default: 3600]")
    .option(
      '--permission-relationships-file <path>',
      "YAML: who may do what with which assets [default: Cartography's]",
    );
}

/** @throws UsageError */
export function readGraphSettings(options: GraphOptions, environment: NodeJS.ProcessEnv): GraphSettings {
  const uri = given('--neo4j-uri', options.neo4jUri);
  const lifetime = given('--neo4j-max-connection-lifetime', options.neo4jMaxConnectionLifetime);
  const liveness = given('--neo4j-liveness-check-timeout', options.neo4jLivenessCheckTimeout);
  const graph = given('--graph', options.graph);
  const gateTimeout = given('--gate-timeout', options.gateTimeout);
  const permissionFile = given('--permission-relationships-file', options.permissionRelationshipsFile);
  const user = options.neo4jUser;
  const { password, notes } = readPassword(options, environment);
  const address =
    uri === undefined ? defaultUri : readUrl(uri, schemes, `${defaultUri} or neo4j+s://graph.example.com`);
  const certificates = readFiles(environment, {
    trusted: ['--neo4j-trusted-certificates', options.neo4jTrustedCertificates],
  }).trusted;
  if (certificates !== undefined && !/^\w+\+s:/.test(address)) {
    throw new UsageError(
      `${certificates.setting} is for encrypted connections: let --neo4j-uri begin with bolt+s:// or neo4j+s://.`,
      { setting: '--neo4j-uri' },
    );
  }
  return {
    neo4j: {
      uri: address,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(certificates === undefined ? {} : { trustedCertificates: certificates }),
      ...(options.neo4jDatabase === undefined ? {} : { database: options.neo4jDatabase }),
      ...(lifetime === undefined ? {} : { maxConnectionLifetimeSeconds: readInteger(lifetime, { min: 1 }) }),
      ...(liveness === undefined ? {} : { livenessCheckTimeoutSeconds: readInteger(liveness, { min: 0 }) }),
    },
    local: user !== undefined ? undefined : uri === undefined ? 'any' : 'same-address',
    graphName: graph === undefined ? 'cartography' : readName(graph),
    gateTimeoutMs:
      gateTimeout === undefined ? 3_600_000 : readInteger(gateTimeout, { min: 0, max: 31_536_000 }) * 1_000,
    ...(permissionFile === undefined ? {} : { permissionRelationships: readPermissionFile(permissionFile) }),
    notes,
  };
}

/** A password counts only with a user, and a variable that is empty is only told of, as in Cartography. */
function readPassword(
  options: GraphOptions,
  environment: NodeJS.ProcessEnv,
): { password: Secret | undefined; notes: string[] } {
  const { neo4jUser, neo4jPasswordEnvVar: variable, neo4jPasswordFile: file, neo4jPasswordPrompt: prompt } = options;
  if (neo4jUser === undefined) return { password: undefined, notes: [] };
  if (prompt !== true && file === undefined && variable !== undefined && !environment[variable]) {
    const note = `the variable ${variable}, which --neo4j-password-env-var names, is empty: Neo4j is asked without a password`;
    return { password: undefined, notes: [note] };
  }
  const password = findSecret(passwordSetting, options, environment);
  const note = '--neo4j-user is given without a password: set --neo4j-password-file, -env-var or -prompt';
  return { password, notes: password === undefined ? [note] : [] };
}

/** `--stages` of `load`. @throws UsageError */
export function readStages(text: string | undefined): readonly StageName[] {
  const value = given('--stages', text);
  if (value === undefined) return stageNames;
  return readList(value).map((name) => {
    const stage = stageNames.find((known) => known === name);
    if (stage === undefined) throw refuse(value, `there is no stage ${name}: choose from ${stageNames.join(', ')}.`);
    return stage;
  });
}

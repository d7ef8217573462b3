import type { Command } from 'commander';

import type { PermissionRelationship } from '../../consumers/analysis/permissions/permission-relationship.ts';
import type { Neo4jConfig } from '../../consumers/graph/connect-neo4j.ts';
import type { StageName } from '../../consumers/stages/stage.ts';
import { stageNames } from '../../consumers/load.ts';
import { readPermissionFile } from './read-permission-file.ts';
import { given, readInteger, readList, readName, readUrl, refuse } from './values.ts';

export interface GraphOptions {
  neo4jUri?: string;
  neo4jUser?: string;
  neo4jPasswordEnvVar?: string;
  neo4jPasswordPrompt?: boolean;
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
  /** To be asked for on the terminal. */
  promptForPassword: boolean;
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
const schemes = ['bolt', 'bolt+s', 'bolt+ssc', 'neo4j', 'neo4j+s', 'neo4j+ssc'];

export function addGraphOptions(command: Command): Command {
  return command
    .optionsGroup('Neo4j:')
    .option('--neo4j-uri <uri>', `[default: ${defaultUri}]`)
    .option('--neo4j-user <name>', 'log in as this user')
    .option('--neo4j-password-env-var <name>', 'the variable that holds the password')
    .option('--neo4j-password-prompt', 'ask for the password; comes before the variable')
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
  const promptForPassword = user !== undefined && options.neo4jPasswordPrompt === true;
  const variable = options.neo4jPasswordEnvVar;
  const password = user === undefined || variable === undefined ? undefined : environment[variable];
  const notes: string[] = [];
  if (user !== undefined && !promptForPassword && !password) {
    notes.push(
      variable === undefined
        ? '--neo4j-user is given without a password: set --neo4j-password-env-var or --neo4j-password-prompt'
        : `the variable ${variable}, which --neo4j-password-env-var names, is empty: Neo4j is asked without a password`,
    );
  }
  return {
    neo4j: {
      uri: uri === undefined ? defaultUri : readUrl(uri, schemes, `${defaultUri} or neo4j+s://graph.example.com`),
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(options.neo4jDatabase === undefined ? {} : { database: options.neo4jDatabase }),
      ...(lifetime === undefined ? {} : { maxConnectionLifetimeSeconds: readInteger(lifetime, { min: 1 }) }),
      ...(liveness === undefined ? {} : { livenessCheckTimeoutSeconds: readInteger(liveness, { min: 0 }) }),
    },
    local: user !== undefined ? undefined : uri === undefined ? 'any' : 'same-address',
    promptForPassword,
    graphName: graph === undefined ? 'cartography' : readName(graph),
    gateTimeoutMs:
      gateTimeout === undefined ? 3_600_000 : readInteger(gateTimeout, { min: 0, max: 31_536_000 }) * 1_000,
    ...(permissionFile === undefined ? {} : { permissionRelationships: readPermissionFile(permissionFile) }),
    notes,
  };
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

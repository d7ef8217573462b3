import { UsageError } from '../../platform/errors.ts';
import { Label } from '../graph/names.ts';
import type { Neo4jGraph } from '../graph/neo4j-graph.ts';

/** What a graph says of the rebuild that made it. */
export interface RebuildNote {
  graphName: string;
  /** The run at which it stops; null for one that keeps up with the log. */
  until: number | null;
}

/** Undefined for a graph that was not made by a rebuild. */
export async function readRebuildNote(graph: Neo4jGraph): Promise<RebuildNote | undefined> {
  const [note] = await graph.query<RebuildNote>(
    `MATCH (r:${Label.rebuild} {id: 'rebuild'}) RETURN r.graph AS graphName, r.until AS until`,
  );
  return note;
}

export async function writeRebuildNote(graph: Neo4jGraph, { graphName, until }: RebuildNote): Promise<void> {
  await graph.query(
    `MERGE (r:${Label.rebuild} {id: 'rebuild'}) SET r.graph = $graphName, r.until = toInteger($until)`,
    {
      graphName,
      until,
    },
  );
}

/**
 * A graph as of a run has passed over what came later, so it cannot follow the log; and a graph that follows the log has one
 * name, so that all its loaders share the partitions.
 * @throws UsageError
 */
export async function requireFollowing(graph: Neo4jGraph, graphName: string): Promise<void> {
  const note = await readRebuildNote(graph);
  if (note === undefined) return;
  if (note.until !== null)
    throw new UsageError(
      `This graph stops at run ${note.until} (replay --until ${note.until}): it has passed over later records and cannot follow the log. Load into an empty database.`,
      { setting: '--neo4j-uri' },
    );
  if (note.graphName !== graphName)
    throw new UsageError(
      `The database holds the graph ${JSON.stringify(note.graphName)}, which a replay has built, not ${JSON.stringify(graphName)}: load it with --graph ${note.graphName}, or name another database.`,
      { setting: '--graph' },
    );
}

/**
 * Makes sure that the database is empty, or was begun by a rebuild with this name and end, which goes on then; notes it.
 * @returns whether it goes on
 * @throws UsageError
 */
export async function claimGraph(graph: Neo4jGraph, wanted: RebuildNote): Promise<boolean> {
  const note = await readRebuildNote(graph);
  if (note === undefined) {
    const [found] = await graph.query<{ labels: string[] }>('MATCH (n) RETURN labels(n) AS labels LIMIT 1');
    if (found !== undefined)
      throw new UsageError(
        'The database is not empty, and no rebuild began it: name an empty one with --neo4j-uri or --neo4j-database. (`load --until-caught-up` brings a graph up to date that is there.)',
        { setting: '--neo4j-uri' },
      );
    await writeRebuildNote(graph, wanted);
    return false;
  }
  if (note.graphName !== wanted.graphName)
    throw new UsageError(
      `The database holds a rebuild of the name ${JSON.stringify(note.graphName)}: go on with --graph ${note.graphName}, or name an empty database.`,
      { setting: '--graph' },
    );
  if (note.until !== wanted.until)
    throw new UsageError(
      `The database holds a rebuild ${describeEnd(note)}: go on ${note.until === null ? 'without --until' : `with --until ${note.until}`}, or name an empty database.`,
      { setting: '--until' },
    );
  return true;
}

function describeEnd({ until }: RebuildNote): string {
  return until === null ? 'that follows the log' : `that stops at run ${until}`;
}

import neo4j, { type Plan } from 'neo4j-driver';
import type { SharedNeo4j } from './servers.ts';

export interface Operator {
  /** e.g. `NodeUniqueIndexSeek`. */
  name: string;
  /** What it does, as Neo4j says it. */
  details: string;
}

/** The plans that Neo4j makes for statements now, by statement. */
export async function plansOf(
  { uri, user, password }: Pick<SharedNeo4j, 'uri' | 'user' | 'password'>,
  texts: Iterable<string>,
): Promise<Map<string, Operator[]>> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password));
  const plans = new Map<string, Operator[]>();
  try {
    for (const text of texts) {
      const { summary } = await driver.executeQuery(`EXPLAIN ${text}`, {
        batch: { rows: [] },
        job: '',
        module: '',
        version: '',
      });
      plans.set(text, summary.plan === false ? [] : flatten(summary.plan));
    }
  } finally {
    await driver.close();
  }
  return plans;
}

/** The operators of these plans, each once. */
export async function operatorsOf(...parameters: Parameters<typeof plansOf>): Promise<Map<string, Set<string>>> {
  const plans = await plansOf(...parameters);
  return new Map([...plans].map(([text, operators]) => [text, new Set(operators.map(({ name }) => name))]));
}

function flatten({ operatorType, arguments: { Details: details = '' }, children }: Plan): Operator[] {
  return [{ name: operatorType.replace(/@.*$/, ''), details: String(details) }, ...children.flatMap(flatten)];
}

import neo4j, { type Plan } from 'neo4j-driver';
import type { SharedNeo4j } from './servers.ts';

/** The operators of the plans that Neo4j makes for statements now, each once, by statement. */
export async function operatorsOf(
  { uri, user, password }: SharedNeo4j,
  texts: Iterable<string>,
): Promise<Map<string, Set<string>>> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password));
  const operators = new Map<string, Set<string>>();
  try {
    for (const text of texts) {
      const { summary } = await driver.executeQuery(`EXPLAIN ${text}`, {
        batch: { rows: [] },
        job: '',
        module: '',
        version: '',
      });
      const found = new Set<string>();
      const collect = (plan: Plan): void => {
        found.add(plan.operatorType.replace(/@.*$/, ''));
        plan.children.forEach(collect);
      };
      if (summary.plan !== false) collect(summary.plan);
      operators.set(text, found);
    }
  } finally {
    await driver.close();
  }
  return operators;
}

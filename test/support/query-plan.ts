import neo4j, { type Plan } from 'neo4j-driver';
import type { SharedNeo4j } from './servers.ts';

/** The operators of the plan that Neo4j makes for a statement now, each once. */
export async function operatorsOf({ uri, user, password }: SharedNeo4j, text: string): Promise<string[]> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password));
  try {
    const { summary } = await driver.executeQuery(`EXPLAIN ${text}`, { batch: { rows: [] }, job: '' });
    const operators = new Set<string>();
    const collect = (plan: Plan): void => {
      operators.add(plan.operatorType.replace(/@.*$/, ''));
      plan.children.forEach(collect);
    };
    if (summary.plan !== false) collect(summary.plan);
    return [...operators];
  } finally {
    await driver.close();
  }
}

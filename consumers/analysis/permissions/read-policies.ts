import type { Run } from '../../graph/cypher-graph.ts';
import { type CompiledPolicy, compilePolicy, type PolicyStatement } from './evaluate-policies.ts';

/** A principal with the ids of the policies that hang on it. */
export interface WithPolicies {
  principal: string;
  policies: readonly string[];
}

/** `$batch.rows`: ids of policies, `$services`. Returns `policy`, `statement`, leaving out what only speaks of other services. */
const statementsText = `
UNWIND $batch.rows AS id
MATCH (:AWSPolicy {id: id})-[:STATEMENT]->(s:AWSPolicyStatement)
WHERE s.action IS NULL OR any(action IN s.action WHERE any(part IN [toLower(split(action, ':')[0])] WHERE part IN $services OR part CONTAINS '*' OR part CONTAINS '?'))
RETURN id AS policy, s{.effect, .action, .notaction, .resource, .notresource, .condition} AS statement ORDER BY policy, s.id`;

/** Those of these principals' policies that speak of the permissions, by principal; principals without any are left out. */
export type PoliciesOf = (run: Run, principals: readonly WithPolicies[]) => Promise<Map<string, CompiledPolicy[]>>;

export function policiesThatSpeakOf(permissions: readonly string[]): PoliciesOf {
  const services = [...new Set(permissions.map((permission) => permission.split(':', 1)[0]!.toLowerCase()))];
  return async (run, principals) => {
    const rows = [...new Set(principals.flatMap(({ policies }) => policies))];
    const read = await run<{ policy: string; statement: PolicyStatement }>(statementsText, {
      batch: { rows },
      services,
    });
    const compiled = new Map(
      [...Map.groupBy(read, ({ policy }) => policy)].map(([policy, own]) => {
        const statements = own.map(({ statement }) => statement);
        return [policy, compilePolicy(statements, permissions)];
      }),
    );
    return new Map(
      principals.flatMap(({ principal, policies }): [string, CompiledPolicy[]][] => {
        const own = policies.flatMap((policy) => compiled.get(policy) ?? []).filter((one) => one.statements.length > 0);
        return own.length === 0 ? [] : [[principal, own]];
      }),
    );
  };
}

import { compilePattern } from './wildcard.ts';

/** An AWSPolicyStatement's properties; missing ones are null. */
export interface PolicyStatement {
  effect: string | null;
  action: readonly string[] | null;
  notaction: readonly string[] | null;
  resource: readonly string[] | null;
  notresource: readonly string[] | null;
  /** JSON text: a list of condition blocks, operator -> key -> values. */
  condition: string | null;
}

/** One policy, made ready for the permissions of one question. */
export interface CompiledPolicy {
  statements: readonly CompiledStatement[];
}

interface CompiledStatement {
  effect: string | null;
  condition: string | null;
  /** For each permission, in order, whether the statement speaks of it. */
  speaksOf: readonly boolean[];
  coversResource(arn: string): boolean;
}

/** What a relationship says of the conditions of a grant. */
export interface Grant {
  /** Whether every statement that grants it has a condition; which ones hold is only known when a request is made. */
  has_condition: boolean;
  condition_keys: readonly string[];
  /** JSON text: the list of all their condition blocks; null without a condition. */
  conditions: string | null;
}

/** Leaves out the statements that speak of none of the permissions (or not of Allow or Deny). */
export function compilePolicy(statements: readonly PolicyStatement[], permissions: readonly string[]): CompiledPolicy {
  return {
    statements: statements
      .filter(({ effect }) => effect === 'Allow' || effect === 'Deny')
      .map((statement) => ({
        effect: statement.effect,
        condition: statement.condition,
        speaksOf: speaksOf(statement, permissions),
        coversResource: compileResources(statement),
      }))
      .filter((statement) => statement.speaksOf.includes(true)),
  };
}

/**
 * Whether a principal with these policies has one of the permissions on the resource, and on what condition; undefined if not.
 * It knows of the principal's own policies alone: no resource policies, boundaries, service control or session policies.
 * @see docs/permission-relationships.md for the rules, which are Cartography's.
 */
export function evaluatePolicies(policies: readonly CompiledPolicy[], arn: string): Grant | undefined {
  let isGranted = false;
  for (const { statements } of policies) {
    const covering = statements.filter((statement) => statement.coversResource(arn));
    const decision = decide(covering);
    if (decision === 'Deny') return undefined;
    isGranted ||= decision === 'Allow';
  }
  return isGranted ? grantOf(policies, arn) : undefined;
}

/** The first permission of which a policy says anything decides; Deny comes before Allow. */
function decide(statements: readonly CompiledStatement[]): 'Allow' | 'Deny' | undefined {
  const count = statements[0]?.speaksOf.length ?? 0;
  for (let permission = 0; permission < count; permission++) {
    const effects = statements.filter((one) => one.speaksOf[permission]).map(({ effect }) => effect);
    if (effects.includes('Deny')) return 'Deny';
    if (effects.includes('Allow')) return 'Allow';
  }
  return undefined;
}

const unconditional: Grant = Object.freeze({
  has_condition: false,
  condition_keys: Object.freeze([]),
  conditions: null,
});

function grantOf(policies: readonly CompiledPolicy[], arn: string): Grant {
  const granting = policies.flatMap(({ statements }) =>
    statements.filter((one) => one.effect === 'Allow' && one.coversResource(arn)),
  );
  const conditions = granting.map(({ condition }) => condition);
  if (conditions.some((condition) => condition === null || condition === '')) return unconditional;
  const read = conditions.map((condition) => readCondition(condition!));
  return {
    has_condition: true,
    condition_keys: [...new Set(read.flatMap(({ keys }) => keys))].sort(),
    conditions: `[${read.map(({ blocks }) => blocks).join(', ')}]`,
  };
}

/** The blocks of one statement as JSON text, and the keys that they look at, e.g. `aws:SourceIp`. What is no JSON stays a condition. */
function readCondition(text: string): { blocks: string; keys: readonly string[] } {
  let blocks: unknown;
  try {
    blocks = JSON.parse(text);
  } catch {
    blocks = undefined;
  }
  if (!Array.isArray(blocks)) return { blocks: JSON.stringify(text), keys: [] };
  const tests = blocks.filter(isObject).flatMap((block) => Object.values(block).filter(isObject));
  return { blocks: text.trim().slice(1, -1), keys: tests.flatMap((test) => Object.keys(test)) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function speaksOf({ action, notaction }: PolicyStatement, permissions: readonly string[]): boolean[] {
  const isListed = action === null ? () => true : matchesAny(action);
  const isExcluded = notaction === null ? () => false : matchesAny(notaction);
  return permissions.map((permission) => isListed(permission) && !isExcluded(permission));
}

function compileResources({ resource, notresource }: PolicyStatement): (arn: string) => boolean {
  if (resource === null) return () => false;
  const isListed = matchesAny(resource);
  const isExcluded = notresource === null ? () => false : matchesAny(notresource);
  // Who may read objects of a bucket may do something with the bucket.
  const hasBucket = matchesAny(resource.map((one) => one.split('/', 1)[0]!));
  return (arn) => (isListed(arn) || (isBucket(arn) && hasBucket(arn))) && !isExcluded(arn);
}

function isBucket(arn: string): boolean {
  return /^arn:[^:]+:s3:::/.test(arn);
}

function matchesAny(patterns: readonly string[]): (text: string) => boolean {
  const compiled = patterns.map(compilePattern);
  return (text) => compiled.some((matches) => matches(text));
}

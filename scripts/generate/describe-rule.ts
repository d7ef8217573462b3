import type { ValueRule } from '../../schemas/value-rule.ts';

/** How a computed property follows from its fields: `fields` for a "From" column, `meaning` in words. */
export function describeRule(from: ValueRule): { fields: readonly string[]; meaning: string } {
  switch (from.how) {
    case 'value':
      return { fields: [], meaning: `Always ${show(from.value)}` };
    case 'first':
      return { fields: from.fields, meaning: from.fields.length === 1 ? 'The same' : 'The first that has a value' };
    case 'toBoolean':
      return { fields: [from.field], meaning: 'Whether it is there and does not say false' };
    case 'or':
      return { fields: from.fields, meaning: 'Whether one of them says true' };
    case 'nor':
      return {
        fields: from.fields,
        meaning: from.fields.length === 1 ? 'Its opposite' : 'Whether none of them says true',
      };
    case 'in':
      return { fields: [from.field], meaning: `Whether it is ${from.values.map(show).join(' or ')}` };
    case 'map':
      return {
        fields: [from.field],
        meaning: `${[...from.names].map(describeName).join(', ')}; none for another value`,
      };
    case 'all':
      return { fields: from.equal.map(([field]) => field), meaning: from.equal.map(describeEqual).join(' and ') };
  }
}

function describeName([from, to]: readonly [string, string]): string {
  return from === to ? show(to) : `${show(to)} for ${show(from)}`;
}

function describeEqual([field, value]: readonly [string, unknown]): string {
  return `\`${field}\` is ${show(value)}`;
}

function show(value: unknown): string {
  return `\`${String(value)}\``;
}

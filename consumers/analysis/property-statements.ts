import { quote } from '../graph/names.ts';
import type { PropertyJob } from './job.ts';
import { find } from './statements.ts';

/** `$batch.rows`: ids. Gives these nodes the values that they must have; returns `written`, how many nodes that changed. */
export function settleProperties(job: PropertyJob): string {
  const names = job.properties.map(({ name }) => quote(name));
  // `<>` knows no null: both missing is no difference, one missing is.
  const differs = names.map((name) => `(n.${name} IS NULL) <> (${name} IS NULL) OR n.${name} <> ${name}`);
  return `
UNWIND $batch.rows AS id
${find('n', job.label)}
CALL (n) {
${job.values}
}
WITH n, ${names.join(', ')} WHERE ${differs.join(' OR ')}
SET ${names.map((name) => `n.${name} = ${name}`).join(', ')}
RETURN count(n) AS written`;
}

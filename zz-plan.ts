import neo4j from 'neo4j-driver';
import { nodeStatements } from './consumers/graph/node-statements.ts';
import { linkStatements } from './consumers/graph/link-statements.ts';
import { loadCatalogue } from './schemas/catalogue.ts';
const d = neo4j.driver(process.env.TEST_NEO4J!, neo4j.auth.basic('neo4j', process.env.TEST_NEO4J_PASSWORD!), { disableLosslessIntegers: true });
const schemas = loadCatalogue().all();
const s = d.session();
const time = async (text: string, p: object) => { const t = performance.now(); const tx = s.beginTransaction(); await tx.run(text, { module: 'm', version: 'v', type: 't', ...p }); await tx.rollback(); return Math.round(performance.now() - t); };
const schema = schemas.find((x) => x.name.endsWith('ec2.Subnet'))!;
const mk = (n: number) => Array.from({ length: n }, (_, i) => ({ i: BigInt(i), id: 'zz' + i, v0: 'nope', by: 'b', tag: 1n, props: {}, scope: 's', values: [] }));
const uniq = '// ' + Date.now() + '\n';
for (const [what, text] of [['link', linkStatements(schema).relationships[0]!.link], ['upsert', nodeStatements(schema).upsert]] as const) {
  console.log(what, 'plain   ', await Promise.all([]), ...(await (async () => { const out = []; for (const n of [1, 2, 9, 11, 99, 101, 999, 1001, 1]) out.push(n + ':' + (await time(uniq + text, { rows: mk(n) }))); return out; })()));
  const wrapped = text.replace('UNWIND $rows', 'UNWIND $batch.rows');
  console.log(what, 'wrapped ', ...(await (async () => { const out = []; for (const n of [1, 2, 9, 11, 99, 101, 999, 1001, 1]) out.push(n + ':' + (await time(uniq + wrapped, { batch: { rows: mk(n) } }))); return out; })()));
}
let t = performance.now(); let c = 0;
for (const x of schemas.slice(0, 12)) { const l = linkStatements(x); for (const text of [l.shown, ...l.relationships.flatMap((r) => [r.link, r.unmatched, r.prune])]) { await time(uniq + text.replace('UNWIND $rows', 'UNWIND $batch.rows'), { batch: { rows: mk(1) } }); c++; } }
console.log('planning', c, 'statements', Math.round(performance.now() - t), 'ms');
await s.close(); await d.close();

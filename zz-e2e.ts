import { registerSchemas, subjectsOf } from './schemas/register-schemas.ts';
import { pino } from 'pino';
import { startStack } from './stack/stack.ts';
import { startAwsStandIn } from './stack/aws/stand-in.ts';
import { connectLog } from './platform/kafka/connect-log.ts';
import { connectRegistry } from './schemas/registry.ts';
import { createEncoder } from './schemas/codec.ts';
import { loadCatalogue } from './schemas/catalogue.ts';
import { topicsOf, topicSpecs } from './platform/topics.ts';
import { collect } from './producers/run.ts';
import { connectNeo4j } from './consumers/graph/connect-neo4j.ts';
import { startLoaders } from './consumers/load.ts';
import { readRunState } from './consumers/run-state.ts';
import { readGraphTotals } from './consumers/graph-totals.ts';
const logger = pino({ level: process.env.LOG ?? 'warn' });
const t0 = Date.now(); const at = (m: string) => console.log(((Date.now() - t0) / 1000).toFixed(1), m);
const [stack, aws] = await Promise.all([startStack({}), startAwsStandIn({ accounts: 3, instances: 10, regions: ['us-east-1', 'eu-west-1'], seed: 42 })]);
at('up');
try {
  Object.assign(process.env, aws.environment);
  const log = connectLog({ bootstrapServers: [stack.kafka.bootstrapServers], clientId: 'e2e' } as never);
  const registry = connectRegistry({ url: stack.registry.url });
  const admin = await log.admin(); await admin.ensureTopics(topicSpecs({}));
  const cat0 = loadCatalogue(); await registerSchemas(registry, subjectsOf(cat0, topicsOf())); at('registered');
  const graph = await connectNeo4j(stack.neo4j[0]!);
  const loaders = await startLoaders({ log, registry, graph, logger });
  at('loaders');
  const catalogue = loadCatalogue();
  const producer = await log.producer();
  for (const updateTag of [1000]) {
    const summary = await Promise.race([collect({ producer, encoder: createEncoder(registry, catalogue), catalogue, topics: topicsOf(), logger, updateTag, regions: ['us-east-1', 'eu-west-1'], syncAllProfiles: true }), loaders.failed]);
    at('collected ' + JSON.stringify(summary).slice(0, 1500));
    for (;;) { const s = await Promise.race([readRunState(graph, updateTag, () => 0n), loaders.failed]); if (s.state === 'loaded') { at(JSON.stringify(s)); break; } await new Promise((r) => setTimeout(r, 200)); if (Date.now() - t0 > 70000) { at(JSON.stringify(s)); break; } }
    console.log(JSON.stringify(await readGraphTotals(graph)));
    console.log(JSON.stringify(await graph.query("MATCH (k:_ReferenceKind) RETURN k.kind AS k")), JSON.stringify(await graph.query("MATCH (r:_Reference) RETURN r.signature AS s, count(*) AS c")));
    console.log(JSON.stringify(await graph.query("MATCH (s:_Scope) WHERE s.outcome<>'complete' RETURN s.id AS k, s.outcome AS o, s.reason AS r LIMIT 5")));
  }
  await loaders.close(); await producer.close(); await admin.close(); await graph.close();
  at('closed');
} finally { await stack.stop(); await aws.stop(); }
at('end');

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsConfig } from '../../../stack/aws/aws-config.ts';
import { brokerConfiguration } from '../../../stack/kafka/kafka-server.ts';
import { databaseConfiguration } from '../../../stack/neo4j/neo4j-server.ts';

const lines = (text: string) => new Set(text.split('\n'));

test('the broker listens on loopback only and takes messages of 16 MiB', () => {
  const configuration = lines(brokerConfiguration({ folder: '/data/kafka', port: 9092, controllerPort: 9093 }));
  assert(configuration.has('listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093'));
  assert(configuration.has('message.max.bytes=16777216'));
  assert(configuration.has('replica.fetch.max.bytes=16777216'));
  assert(configuration.has('log.dirs=/data/kafka/data'));
});

test('the database asks for a password, and its HTTP API is off unless it has a port', () => {
  const off = lines(databaseConfiguration({ boltPort: 7687, pageCacheMegabytes: 256 }));
  assert(off.has('dbms.security.auth_enabled=true'));
  assert(off.has('server.bolt.listen_address=127.0.0.1:7687'));
  assert(off.has('server.http.enabled=false'));
  const on = lines(databaseConfiguration({ boltPort: 7687, httpPort: 7474, pageCacheMegabytes: 256 }));
  assert(on.has('server.http.enabled=true'));
  assert(on.has('server.http.listen_address=127.0.0.1:7474'));
});

test('the AWS configuration has a profile for each member account', () => {
  const config = awsConfig(['111111111111', '222222222222'], 'eu-west-1');
  const profiles = [...config.matchAll(/^\[(.*)\]$/gm)].map((match) => match[1]);
  assert.deepEqual(profiles, ['default', 'profile mgmt', 'profile acct-0', 'profile acct-1']);
  assert.match(config, /role_arn = arn:aws:iam::222222222222:role\/cartography\nsource_profile = default/);
});

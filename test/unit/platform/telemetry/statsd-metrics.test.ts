import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';

import { createStatsdMetrics } from '../../../../platform/telemetry/statsd-metrics.ts';

test('each measurement is one datagram, with the prefix, the name and the values of the labels', async () => {
  const receiver = createSocket('udp4');
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  const received: string[] = [];
  const all = Promise.withResolvers<void>();
  receiver.on('message', (message) => {
    if (received.push(message.toString()) === 3) all.resolve();
  });
  const asked: string[] = [];
  const metrics = createStatsdMetrics({
    host: 'statsd.example',
    port: receiver.address().port,
    prefix: 'prod.inventory',
    lookup: (host, _, callback) => {
      if (host === 'statsd.example') asked.push(host);
      callback(null, host === 'statsd.example' ? '127.0.0.1' : host, 4);
    },
  });
  try {
    metrics.add('cartography_stream_records_total', { stage: 'nodes', topic: 'cartography.aws.assets' }, 5);
    metrics.set('cartography_stream_scopes_waiting', {}, 2);
    metrics.observe('cartography_stream_batch_duration_seconds', { stage: 'links' }, 0.25);
    await all.promise;
  } finally {
    await metrics.close();
    receiver.close();
  }

  assert.deepEqual(asked, ['statsd.example'], 'the host is looked up once');
  assert.deepEqual(received.toSorted(), [
    'prod.inventory.cartography_stream_batch_duration_seconds.links:250|ms',
    'prod.inventory.cartography_stream_records_total.nodes.cartography_aws_assets:5|c',
    'prod.inventory.cartography_stream_scopes_waiting:2|g',
  ]);
});

test('nobody there, or a host that is none, is no error', async () => {
  const metrics = createStatsdMetrics({ host: 'no-such-host.invalid', port: 8125, prefix: '' });
  metrics.add('cartography_stream_deleted_nodes_total', {});
  await metrics.close();
});

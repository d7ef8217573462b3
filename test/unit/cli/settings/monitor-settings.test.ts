import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readMonitorSettings } from '../../../../cli/settings/monitor-settings.ts';

test('nothing is served or sent unless it is asked for', () => {
  assert.deepEqual(readMonitorSettings({}, {}), { http: undefined, statsd: undefined });
  assert.deepEqual(readMonitorSettings({ statsdHost: 'x', statsdPort: '1' }, {}).statsd, undefined);
});

test('an option comes before its variable; the address is this machine alone unless another is named', () => {
  const environment = { CARTOGRAPHY_METRICS_PORT: '9000', CARTOGRAPHY_METRICS_HOST: '0.0.0.0' };
  assert.deepEqual(readMonitorSettings({}, environment).http, { host: '0.0.0.0', port: 9000 });
  assert.deepEqual(readMonitorSettings({ metricsPort: '0', metricsHost: '::1' }, environment).http, {
    host: '::1',
    port: 0,
  });
  assert.deepEqual(readMonitorSettings({ metricsPort: '9100' }, {}).http, { host: '127.0.0.1', port: 9100 });
});

test("StatsD's options have Cartography's names and defaults", () => {
  assert.deepEqual(readMonitorSettings({ statsdEnabled: true }, {}).statsd, {
    host: '127.0.0.1',
    port: 8125,
    prefix: '',
  });
  assert.deepEqual(
    readMonitorSettings({ statsdEnabled: true, statsdPrefix: 'a.b', statsdHost: 'h', statsdPort: '9125' }, {}).statsd,
    { host: 'h', port: 9125, prefix: 'a.b' },
  );
});

test('values that cannot be used are refused by name', () => {
  const refused: [Parameters<typeof readMonitorSettings>[0], NodeJS.ProcessEnv, RegExp][] = [
    [{ metricsPort: 'x' }, {}, /^--metrics-port "x": give a whole number from 0 to 65535/],
    [{}, { CARTOGRAPHY_METRICS_PORT: '70000' }, /^--metrics-port "70000" \(from CARTOGRAPHY_METRICS_PORT\)/],
    [{ metricsPort: '1', metricsHost: 'http://x' }, {}, /^--metrics-host "http:\/\/x": give an address/],
    [{ statsdEnabled: true, statsdPort: '0' }, {}, /^--statsd-port "0"/],
    [{ statsdEnabled: true, statsdPrefix: 'a:b' }, {}, /^--statsd-prefix "a:b"/],
  ];
  for (const [options, environment, message] of refused)
    assert.throws(() => readMonitorSettings(options, environment), { message });
});

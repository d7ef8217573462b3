import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';

import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import type { ITriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import { TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { parse } from 'yaml';

import {
  chartFolder,
  exampleValues,
  type Manifest,
  renderChart,
  type RenderedChart,
  type Values,
} from '../../support/render-chart.ts';

/* Helm's own library renders; Kubernetes' schemas judge, those of the oldest version that the chart takes and a new one. */

const kubernetes = ['1.29', '1.37'];
const root = path.join(import.meta.dirname, '..', '..', '..');
const examples = ['plain', 'large'] as const;
type Case = (typeof examples)[number] | keyof Awaited<ReturnType<typeof oddValues>>;
let charts: Record<Case, RenderedChart>;

before(async () => {
  const [plain, large] = await Promise.all([exampleValues('one-for-all'), exampleValues('large')]);
  charts = await renderChart({ plain, large, ...oddValues(plain) }, kubernetes);
});

function oddValues(plain: Values) {
  return {
    defaults: {},
    nonsense: { ...plain, collector: { shards: 0 } },
    misspelt: { ...plain, kafak: {} },
    unknownField: { ...plain, collector: { extraEnv: [{ name: 'A', valu: 'b' }] } },
    keys: { ...plain, collector: { aws: { config: '[default]\naws_secret_access_key = wJalrXUtnFEMI\n' } } },
    scaledCleanup: { ...plain, loaders: { all: { stages: ['cleanup'], autoscaling: { enabled: true } } } },
    secretAddress: { ...plain, schemaRegistry: { urlSecret: { name: 'registry' } } },
    fewStages: { ...plain, loaders: { all: { stages: ['nodes', 'links'] } }, collector: { enabled: false } },
  };
}

function manifest(chart: RenderedChart, kind: string, name: RegExp = /./): Manifest {
  const found = chart.manifests.filter((one) => one.kind === kind && name.test(one.metadata.name));
  assert.equal(found.length, 1, `${kind} ${name}`);
  return found[0]!;
}

type Pod = Pick<Manifest, 'metadata' | 'spec'>;

/** The pods that the chart starts. */
function podsOf(chart: RenderedChart): Pod[] {
  return chart.manifests.flatMap(({ kind, spec }) => {
    if (kind === 'CronJob') return [spec.jobTemplate.spec.template as Pod];
    return kind === 'Deployment' ? [spec.template as Pod] : [];
  });
}

/** The ports that a network policy lets pods reach. */
function reachable(chart: RenderedChart, name: RegExp): number[] {
  const rules = manifest(chart, 'NetworkPolicy', name).spec.egress as { ports: { port: number }[] }[];
  return rules.flatMap(({ ports }) => ports.map(({ port }) => port));
}

test('Helm and the schemas of Kubernetes find nothing', () => {
  for (const name of examples) {
    assert.deepEqual(charts[name].lint, [], name);
    assert.equal(charts[name].error, null, name);
    assert.deepEqual(charts[name].findings, [], name);
    assert.ok(charts[name].manifests.length >= 9, name);
  }
  assert.deepEqual(charts.defaults.lint, [], 'a chart must pass with its own values');
});

test('what Helm or Kubernetes would refuse is found', () => {
  assert.match(charts.nonsense.error ?? '', /shards/);
  assert.match(charts.misspelt.error ?? '', /kafak/);
  assert.equal(charts.unknownField.findings.length, kubernetes.length);
  assert.match(charts.unknownField.findings[0]!, /CronJob.*'valu' was unexpected/);
});

test('values that cannot work are refused with what to do', () => {
  assert.match(charts.defaults.error ?? '', /must be set/);
  assert.match(charts.keys.error ?? '', /collector\.aws\.config holds keys.*use roles/);
  assert.match(charts.scaledCleanup.error ?? '', /loaders\.all\.autoscaling.*set replicas/);
  assert.match(charts.secretAddress.error ?? '', /networkPolicy\.schemaRegistry\.ports must be set/);
  for (const name of ['keys', 'scaledCleanup', 'secretAddress'] as const)
    assert.doesNotMatch(charts[name].error ?? '', /wJalr/);
});

test('the notes warn of stages that nobody has', () => {
  assert.match(charts.fewStages.notes, /no loader of this release has the stage cleanup/);
  assert.doesNotMatch(charts.plain.notes, /WARNING/);
});

test('KEDA scales on the lag of what a stage reads, with the login of the loaders', () => {
  const scaled = manifest(charts.large, 'ScaledObject', /links/) as unknown as IScaledObject;
  const trigger = (stage: string) => ({
    type: 'kafka',
    metadata: {
      bootstrapServers: 'kafka.example.com:9096',
      consumerGroup: `cartography.${stage}`,
      topic: 'cartography.aws.assets',
      lagThreshold: '20000',
      offsetResetPolicy: 'earliest',
      sasl: 'scram_sha512',
      tls: 'enable',
    },
    authenticationRef: { name: 'inventory-cartography-stream-kafka' },
  });
  // Typed: a field that KEDA does not know would not compile.
  const expected: IScaledObject['spec'] = {
    scaleTargetRef: { name: 'inventory-cartography-stream-load-links' },
    minReplicaCount: 1,
    maxReplicaCount: 12,
    pollingInterval: 30,
    cooldownPeriod: 300,
    triggers: [trigger('links'), trigger('cross-links')],
  };
  assert.deepEqual(scaled.spec, expected);
  new ScaledObject(scaled).validate();
  const login = manifest(charts.large, 'TriggerAuthentication') as unknown as ITriggerAuthentication;
  const expectedLogin: ITriggerAuthentication['spec'] = {
    env: [{ parameter: 'username', name: 'KAFKA_SASL_USERNAME' }],
    secretTargetRef: [
      { parameter: 'password', name: 'kafka', key: 'password' },
      { parameter: 'ca', name: 'authority', key: 'ca.crt' },
    ],
  };
  assert.deepEqual(login.spec, expectedLogin);
  new TriggerAuthentication(login).validate();
  assert.equal(manifest(charts.large, 'Deployment', /load-links/).spec.replicas, undefined, 'KEDA sets them');
  assert.equal(manifest(charts.large, 'Deployment', /upkeep/).spec.replicas, 1);
});

test('the Prometheus operator finds all pods', () => {
  const monitor = manifest(charts.large, 'ServiceMonitor') as unknown as IServiceMonitor;
  const labels = { 'app.kubernetes.io/name': 'cartography-stream', 'app.kubernetes.io/instance': 'inventory' };
  const expected: IServiceMonitor['spec'] = {
    selector: { matchLabels: labels },
    endpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
  };
  assert.deepEqual(monitor.spec, expected);
  new ServiceMonitor(monitor).validate();
  const service = manifest(charts.large, 'Service');
  assert.deepEqual(service.spec.selector, labels);
  for (const [name, value] of Object.entries(labels)) {
    assert.equal(service.metadata.labels?.[name], value);
    for (const pod of podsOf(charts.large)) assert.equal(pod.metadata.labels?.[name], value);
  }
});

test('every pod runs as somebody who may do nothing, and can end in order', () => {
  for (const name of examples) {
    for (const { spec } of podsOf(charts[name])) {
      const { runAsNonRoot, runAsUser, seccompProfile } = spec.securityContext;
      assert.deepEqual(
        { runAsNonRoot, runAsUser, seccompProfile },
        {
          runAsNonRoot: true,
          runAsUser: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      );
      assert.equal(spec.automountServiceAccountToken, false);
      assert.ok(spec.terminationGracePeriodSeconds >= 60);
      const [container] = spec.containers;
      assert.deepEqual(container.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      assert.ok(container.resources.requests.memory && container.resources.limits.memory);
      assert.equal(container.livenessProbe.httpGet.path, '/livez');
    }
  }
});

test('secrets come from existing Secrets only', () => {
  const { manifests } = charts.large;
  assert.deepEqual(
    manifests.filter(({ kind }) => kind === 'Secret'),
    [],
  );
  for (const { spec } of podsOf(charts.large)) {
    for (const { name, value, valueFrom } of spec.containers[0].env) {
      if (/PASSWORD|REGISTRY_URL/.test(name)) {
        assert.equal(value, undefined, name);
        assert.ok(valueFrom.secretKeyRef.name, name);
      }
    }
  }
});

test('a run is started once at a time, by shard, and not again where that is of no use', () => {
  const { spec } = manifest(charts.large, 'CronJob');
  assert.equal(spec.concurrencyPolicy, 'Forbid');
  const job = spec.jobTemplate.spec;
  assert.deepEqual([job.completionMode, job.completions, job.parallelism], ['Indexed', 8, 8]);
  assert.equal(job.template.spec.restartPolicy, 'Never');
  const [disrupted, hopeless] = job.podFailurePolicy.rules;
  assert.deepEqual([disrupted.action, disrupted.onPodConditions[0].type], ['Ignore', 'DisruptionTarget']);
  assert.deepEqual([hopeless.action, hopeless.onExitCodes.values], ['FailIndex', [2, 3, 5]]);
});

test('the collectors are an IAM role, the loaders are not', () => {
  const annotations = ({ metadata }: Manifest) => (metadata as { annotations?: object }).annotations;
  assert.deepEqual(annotations(manifest(charts.plain, 'ServiceAccount', /collector/)), {
    'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/cartography-service',
  });
  assert.equal(annotations(manifest(charts.plain, 'ServiceAccount', /loader/)), undefined);
});

test('pods reach what their settings name, and nobody reaches them unless he is named', () => {
  assert.deepEqual(reachable(charts.plain, /loader/), [53, 53, 9092, 8081, 7687]);
  assert.deepEqual(reachable(charts.plain, /collector/), [53, 53, 9092, 8081, 443, 80]);
  assert.deepEqual(reachable(charts.large, /loader/), [53, 53, 9096, 8443, 7688, 4318]);
  assert.deepEqual(manifest(charts.plain, 'NetworkPolicy', /loader/).spec.ingress, []);
  const [{ from, ports: open }] = manifest(charts.large, 'NetworkPolicy', /loader/).spec.ingress;
  assert.deepEqual(from, [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }]);
  assert.deepEqual(open, [{ port: 'metrics', protocol: 'TCP' }]);
});

test('every Deployment of loaders has a budget that covers its pods', () => {
  for (const { metadata, spec } of charts.large.manifests.filter(({ kind }) => kind === 'Deployment')) {
    const budget = manifest(charts.large, 'PodDisruptionBudget', new RegExp(`^${metadata.name}$`));
    assert.deepEqual(budget.spec.selector, spec.selector);
    assert.equal(budget.spec.maxUnavailable, 1);
  }
});

test('the chart is of the version of the program', async () => {
  const { appVersion } = parse(await readFile(path.join(chartFolder, 'Chart.yaml'), 'utf8')) as { appVersion: string };
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  assert.equal(appVersion, version);
});

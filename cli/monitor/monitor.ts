import type { Neo4jGraph } from '../../consumers/graph/neo4j-graph.ts';
import type { StageName } from '../../consumers/stages/stage.ts';
import { readScopes } from '../../consumers/status/scopes.ts';
import { noMetrics, sendToAll } from '../../platform/telemetry/metrics.ts';
import { createPrometheusMetrics, type PrometheusMetrics } from '../../platform/telemetry/prometheus-metrics.ts';
import { startTracing } from '../../platform/telemetry/start-tracing.ts';
import { createStatsdMetrics, type StatsdMetrics } from '../../platform/telemetry/statsd-metrics.ts';
import { noTelemetry, type Telemetry } from '../../platform/telemetry/telemetry.ts';
import type { Progress } from '../../producers/progress.ts';
import type { CommandContext } from '../context.ts';
import { ProgressState } from '../progress/progress-state.ts';
import { scopeStatus, type StatusSource } from '../read-status.ts';
import { readVersion } from '../read-version.ts';
import type { MonitorSettings } from '../settings/monitor-settings.ts';
import { Health, type HealthCheck } from './health.ts';
import { type Answer, type HttpServer, type Route, serveHttp } from './http-server.ts';
import { PageFeed } from './page-feed.ts';
import type { PageState } from './page-state.ts';
import { readPage } from './read-page.ts';
import { type GraphView, watchGraph } from './watch-graph.ts';

export interface MonitorOptions {
  /** What is watched: `collect`, `load` or `run`. */
  command: string;
  settings: MonitorSettings;
  context: CommandContext;
}

/**
 * Lets a command be watched: metrics, traces, health and the status page, as far as the settings ask for them. Before
 * anything is connected, so that a start that hangs can be seen.
 * @throws UsageError where it cannot listen
 */
export async function openMonitor(options: MonitorOptions): Promise<Monitor> {
  const { settings, context } = options;
  const prometheus = settings.http === undefined ? undefined : createPrometheusMetrics({ ofProcess: true });
  const statsd = settings.statsd === undefined ? undefined : createStatsdMetrics(settings.statsd);
  const targets = [prometheus, statsd].filter((target) => target !== undefined);
  const running = await startTracing(context.logger, readVersion());
  const { tracing } = running;
  const isWatched = targets.length > 0 || tracing.isOn;
  const metrics = targets.length === 0 ? noMetrics : sendToAll(targets);
  const monitor = new Monitor(options, isWatched ? { metrics, tracing } : noTelemetry, {
    prometheus,
    statsd,
    closeTracing: () => running.close(),
  });
  await monitor.listen();
  return monitor;
}

interface Parts {
  prometheus: PrometheusMetrics | undefined;
  statsd: StatsdMetrics | undefined;
  closeTracing: () => Promise<void>;
}

export class Monitor {
  readonly telemetry: Telemetry;
  readonly #options: MonitorOptions;
  readonly #parts: Parts;
  readonly #health = new Health();
  readonly #progress = new ProgressState();
  readonly #stop = new AbortController();
  readonly #feed = new PageFeed(() => this.#state());
  readonly #stages = new Set<string>();
  #watching: Promise<void> | undefined;
  #server: HttpServer | undefined;
  #isCollecting = false;
  #graph: Neo4jGraph | undefined;
  #view: GraphView | null = null;
  #problem: string | null = null;

  constructor(options: MonitorOptions, telemetry: Telemetry, parts: Parts) {
    this.telemetry = telemetry;
    this.#options = options;
    this.#parts = parts;
    this.#health.need('start', 'not connected yet');
  }

  async listen(): Promise<void> {
    const { settings, context } = this.#options;
    if (settings.http === undefined) return;
    this.#server = await serveHttp(settings.http, await this.#routes());
    context.say(`Metrics, health and status page: ${this.#server.url}`);
  }

  /** Everything that the command needs is connected. */
  ready(): void {
    this.#health.need('start', undefined);
  }

  /** A stage's consumer is at work. */
  onPoll(stage: StageName): void {
    this.#stages.add(stage);
    this.#health.sawAtWork(`consumer-${stage}`);
  }

  onCollect(progress: Progress): void {
    this.#isCollecting = true;
    this.#progress.apply(progress);
    const { scopes, scopesDone } = this.#progress.totals();
    this.telemetry.metrics.set('cartography_stream_run_scopes', { state: 'planned' }, scopes);
    this.telemetry.metrics.set('cartography_stream_run_scopes', { state: 'ended' }, scopesDone);
    this.#feed.changed();
  }

  /** Looks at the graph again and again, for the gauges and the page, until the monitor is closed. */
  watch(graph: Neo4jGraph, source: StatusSource): void {
    if (this.#parts.prometheus === undefined && this.#parts.statsd === undefined) return;
    this.#graph = graph;
    this.#health.need('graph', 'not looked at yet');
    this.#watching = watchGraph({
      graph,
      source,
      metrics: this.telemetry.metrics,
      logger: this.#options.context.logger,
      signal: this.#stop.signal,
      onView: (view) => this.#show(view, null),
      onFailure: (reason) => this.#show(this.#view, reason),
    });
  }

  /** Ends the looks at the graph: before it is closed. */
  async endWatch(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endWatch();
    this.#feed.close();
    this.#health.close();
    await Promise.all([this.#server?.close(), this.#parts.statsd?.close(), this.#parts.closeTracing()]);
  }

  #show(view: GraphView | null, problem: string | null): void {
    this.#view = view;
    this.#problem = problem;
    this.#health.need('graph', problem ?? undefined);
    this.#feed.changed();
  }

  async #routes(): Promise<Record<string, Route>> {
    const page = await readPage();
    return {
      ...page,
      ...this.#feed.routes,
      '/metrics': () => this.#renderMetrics(),
      '/livez': (url) => answerChecks('livez', this.#health.liveness(), url),
      '/readyz': (url) => answerChecks('readyz', this.#health.readiness(), url),
      '/api/scopes': (url) => this.#renderScopes(url),
    };
  }

  async #renderMetrics(): Promise<Answer> {
    const { prometheus } = this.#parts;
    for (const stage of this.#stages) {
      const age = this.#health.silenceOf(`consumer-${stage}`) ?? 0;
      this.telemetry.metrics.set('cartography_stream_poll_age_seconds', { stage }, age);
    }
    return { contentType: prometheus!.contentType, body: await prometheus!.render() };
  }

  async #renderScopes(url: URL): Promise<Answer> {
    const account = url.searchParams.get('account') ?? '';
    if (this.#graph === undefined || !/^\d{12}$/.test(account)) return { status: 404, body: 'no such account\n' };
    const scopes = await readScopes(this.#graph, { account });
    return { contentType: 'application/json', body: JSON.stringify(scopes.map((scope) => scopeStatus(scope))) };
  }

  #state(): PageState {
    return {
      command: this.#options.command,
      version: readVersion(),
      at: Date.now(),
      collecting: this.#isCollecting ? this.#progress.totals() : null,
      graph: this.#view,
      problem: this.#problem,
    };
  }
}

/** As Kubernetes answers: `ok`, or a line for each check when one fails or `?verbose` asks. https://kubernetes.io/docs/reference/using-api/health-checks/ */
function answerChecks(name: string, checks: readonly HealthCheck[], url: URL): Answer {
  const isOk = checks.every(({ problem }) => problem === undefined);
  if (isOk && !url.searchParams.has('verbose')) return { body: 'ok' };
  const lines = checks.map((check) =>
    check.problem === undefined ? `[+]${check.name} ok` : `[-]${check.name} failed: ${check.problem}`,
  );
  return {
    status: isOk ? 200 : 503,
    body: `${[...lines, `${name} check ${isOk ? 'passed' : 'failed'}`].join('\n')}\n`,
  };
}

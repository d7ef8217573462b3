import type { ServerResponse } from 'node:http';

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
import { readPage } from './read-page.ts';
import { type GraphView, watchGraph } from './watch-graph.ts';

export interface MonitorOptions {
  /** What is watched: `collect`, `load` or `run`. */
  command: string;
  settings: MonitorSettings;
  context: CommandContext;
}

/** What the status page is told. */
interface PageState {
  command: string;
  version: string;
  /** Milliseconds. */
  at: number;
  /** Of the collectors in this process; null where there is none. */
  collecting: ReturnType<ProgressState['totals']> | null;
  /** Null before the first look, and where no graph is watched. */
  graph: GraphView | null;
  /** Why the graph cannot be looked at now. */
  problem: string | null;
}

/** Between two messages to a page, at least. */
const pushMs = 1_000;

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
  const { tracing, close } = await startTracing(context.logger, readVersion());
  const isWatched = targets.length > 0 || tracing.isOn;
  const metrics = targets.length === 0 ? noMetrics : sendToAll(targets);
  const monitor = new Monitor(options, isWatched ? { metrics, tracing } : noTelemetry, {
    prometheus,
    statsd,
    closeTracing: close,
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
  readonly #pages = new Set<ServerResponse>();
  readonly #stages = new Set<string>();
  #watching: Promise<void> | undefined;
  #server: HttpServer | undefined;
  #pushing: NodeJS.Timeout | undefined;
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
    this.#push();
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
    clearTimeout(this.#pushing);
    this.#health.close();
    await Promise.all([this.#server?.close(), this.#parts.statsd?.close(), this.#parts.closeTracing()]);
  }

  #show(view: GraphView | null, problem: string | null): void {
    this.#view = view;
    this.#problem = problem;
    this.#health.need('graph', problem ?? undefined);
    this.#push();
  }

  async #routes(): Promise<Record<string, Route>> {
    const page = await readPage();
    return {
      ...page,
      '/metrics': () => this.#renderMetrics(),
      '/livez': (url) => answerChecks('livez', this.#health.liveness(), url),
      '/readyz': (url) => answerChecks('readyz', this.#health.readiness(), url),
      '/api/status': () => ({ contentType: 'application/json', body: JSON.stringify(this.#state()) }),
      '/api/scopes': (url) => this.#renderScopes(url),
      '/api/events': (_, response) => this.#open(response),
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

  /** Server-sent events: the state now, and whenever it changes. https://html.spec.whatwg.org/multipage/server-sent-events.html */
  #open(response: ServerResponse): undefined {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(event(this.#state()));
    this.#pages.add(response);
    response.on('close', () => this.#pages.delete(response));
  }

  #push(): void {
    if (this.#pages.size === 0) return;
    this.#pushing ??= setTimeout(() => {
      this.#pushing = undefined;
      const text = event(this.#state());
      for (const page of this.#pages) page.write(text);
    }, pushMs).unref();
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

function event(state: PageState): string {
  return `data: ${JSON.stringify(state)}\n\n`;
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

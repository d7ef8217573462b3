import type { ServerResponse } from 'node:http';

import type { Route } from './http-server.ts';
import type { PageState } from './page-state.ts';

/** Between two messages to a page, at least. */
const pushMs = 1_000;

/** Tells open pages the state by server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class PageFeed {
  readonly #read: () => PageState;
  readonly #pages = new Set<ServerResponse>();
  #pushing: NodeJS.Timeout | undefined;

  constructor(read: () => PageState) {
    this.#read = read;
  }

  readonly routes: Record<string, Route> = {
    '/api/status': () => ({ contentType: 'application/json', body: JSON.stringify(this.#read()) }),
    '/api/events': (_, response) => this.#open(response),
  };

  /** The state is another one: pages learn of it soon. */
  changed(): void {
    if (this.#pages.size === 0) return;
    this.#pushing ??= setTimeout(() => {
      this.#pushing = undefined;
      const text = this.#event();
      // A page that does not read gets a later state, which is whole too.
      for (const page of this.#pages) if (!page.writableNeedDrain) page.write(text);
    }, pushMs).unref();
  }

  close(): void {
    clearTimeout(this.#pushing);
  }

  #open(response: ServerResponse): undefined {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(this.#event());
    this.#pages.add(response);
    response.on('close', () => this.#pages.delete(response));
  }

  #event(): string {
    return `data: ${JSON.stringify(this.#read())}\n\n`;
  }
}

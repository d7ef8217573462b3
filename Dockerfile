FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Half of what is installed is for editors and debuggers.
RUN npm ci --omit=dev --ignore-scripts && \
  find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:24.21.0-bookworm-slim
# Health, metrics and the status page; only inside the container unless CARTOGRAPHY_METRICS_HOST says otherwise.
ENV NODE_ENV=production CARTOGRAPHY_METRICS_PORT=9464
# Nothing is installed in here.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn*
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY cli ./cli
COPY consumers ./consumers
COPY platform ./platform
COPY producers ./producers
COPY schemas ./schemas
COPY stack ./stack
# The user `node`, by its number: Kubernetes cannot tell from a name that it is not root.
USER 1000:1000
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.CARTOGRAPHY_METRICS_PORT + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# In exec form, so that SIGTERM reaches node.
ENTRYPOINT ["node", "cli/main.ts"]

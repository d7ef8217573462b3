FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY cli ./cli
COPY consumers ./consumers
COPY platform ./platform
COPY producers ./producers
COPY schemas ./schemas
COPY stack ./stack
USER node
ENTRYPOINT ["node", "cli/main.ts"]

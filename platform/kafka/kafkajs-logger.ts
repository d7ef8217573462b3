import type { Logger } from 'pino';
import { createKafkajsLogger, type KafkajsLogger } from './kafkajs-internals.ts';

const NOTHING = 0;
const INFORMATION = 4;
const DEBUG = 5;
/** Bodies of requests and responses, which may hold what a login sends, and stacks that say nothing of this project. */
const LEFT_OUT = new Set(['message', 'timestamp', 'logger', 'data', 'payload', 'stack', 'helpUrl']);

/** kafkajs's own messages at `debug`, its chatter about each request at `trace`; what matters is logged by this folder itself. */
export function bridgeKafkajsLogger(logger: Logger): KafkajsLogger {
  const level = logger.isLevelEnabled('trace') ? DEBUG : logger.isLevelEnabled('debug') ? INFORMATION : NOTHING;
  return createKafkajsLogger({
    level,
    logCreator: () => (entry) => {
      const fields = Object.fromEntries(Object.entries(entry.log).filter(([key]) => !LEFT_OUT.has(key)));
      logger[entry.level === DEBUG ? 'trace' : 'debug']({ kafkajs: entry.namespace, ...fields }, entry.log.message);
    },
  });
}
